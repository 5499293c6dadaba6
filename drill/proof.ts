/**
 * Whether money and tickets agree, with the provider's own ledger as the judge: each row is a booking whose kept money is
 * not the price of its live tickets, or that has money set aside which nobody will take or give back. Must print zero rows.
 */
export const PROOF = `
  SELECT b.id, b.status, i.owed, coalesce(c.kept, 0) AS kept, coalesce(c.aside, 0) AS aside
  FROM booking b
  JOIN (SELECT booking_id, coalesce(sum(price) FILTER (WHERE status IN ('confirmed', 'cancelling')), 0) AS owed
        FROM booking_item GROUP BY booking_id) i ON i.booking_id = b.id
  LEFT JOIN (SELECT p.booking_id, sum(c.amount - c.refunded) FILTER (WHERE c.state = 'captured') AS kept,
                    sum(c.amount) FILTER (WHERE c.state = 'authorized') AS aside
             FROM payment p JOIN sandbox_charge c ON c.key = p.idempotency_key GROUP BY p.booking_id) c
    ON c.booking_id = b.id
  WHERE coalesce(c.kept, 0) <> i.owed OR coalesce(c.aside, 0) <> 0`;
