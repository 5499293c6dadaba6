/**
 * A sale from nothing to the tickets, as Markdown on top of the API's pages. A test types it into a shell
 * (test/journeys/operations/guide.test.ts).
 */
export const firstSale = (publicUrl: string): string => `## A first sale in five calls

In a shell with curl and Node, against a fresh start with its demo. Elsewhere search for an event of yours; the card is one of the sandbox.

\`\`\`sh
api=${publicUrl}/api/v1
json='Content-Type: application/json'
field() { node -pe "JSON.parse(fs.readFileSync(0))$1"; }

# 1. Who buys
token=$(curl -s $api/auth/register -H "$json" \\
  -d '{"email":"first@example.org","password":"a long sentence","name":"First Buyer"}' | field .accessToken)
# 2. What is on sale
event=$(curl -s "$api/events?q=handball" | field '.data[0].id')
# 3. Two places next to each other, kept for ten minutes
booking=$(curl -s $api/events/$event/holds -H "Authorization: Bearer $token" -H "$json" \\
  -d '{"best":{"quantity":2,"together":true}}' | field .id)
# 4. Paid
curl -s $api/bookings/$booking/checkout -H "Authorization: Bearer $token" -H "$json" \\
  -d '{"payment":{"method":"card","card":{"number":"4242424242424242"}}}' | field .status
# 5. What lets people in
curl -s $api/bookings/$booking/tickets.pdf -H "Authorization: Bearer $token" -o tickets.pdf
\`\`\``;
