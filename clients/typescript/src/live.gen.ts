// Made by `npm run client:types` from the documents of the running application.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
         *       "since": 4711,
         *       "epoch": "5e0c1b7a9f42"
         *     }
         */
        WatchRequest: {
            /**
             * Format: uuid
             * @description The event (performance)
             */
            eventId: string;
            /** @description The seq you have */
            since?: number;
            /** @description Names the history that seq counts in; another one after a restore */
            epoch?: string;
        };
        /**
         * @example {
         *       "ok": true,
         *       "changes": {
         *         "eventId": "019ab0c0-0000-7000-8000-000000000003",
         *         "epoch": "5e0c1b7a9f42",
         *         "from": 4711,
         *         "to": 4714,
         *         "changes": [
         *           [
         *             17,
         *             1
         *           ],
         *           [
         *             18,
         *             1
         *           ],
         *           [
         *             230,
         *             0
         *           ]
         *         ],
         *         "areas": [
         *           [
         *             "Standing",
         *             6,
         *             120
         *           ]
         *         ],
         *         "priceVersion": 1
         *       }
         *     }
         */
        WatchAnswer: {
            /** @constant */
            ok: true;
            snapshot: components["schemas"]["SeatStates"];
        } | {
            /** @constant */
            ok: true;
            changes: components["schemas"]["SeatChanges"];
        } | components["schemas"]["Refusal"];
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003"
         *     }
         */
        UnwatchRequest: {
            /**
             * Format: uuid
             * @description The event (performance)
             */
            eventId: string;
        };
        /**
         * @example {
         *       "ok": true
         *     }
         */
        Answer: components["schemas"]["Done"] | components["schemas"]["Refusal"];
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003"
         *     }
         */
        WatchSalesRequest: {
            /**
             * Format: uuid
             * @description The event (performance)
             */
            eventId: string;
        };
        /**
         * @example {
         *       "ok": true,
         *       "sales": {
         *         "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *         "currency": "EUR",
         *         "holds": 120,
         *         "open": 2,
         *         "orders": 100,
         *         "tickets": 210,
         *         "cancelled": 21,
         *         "gross": 504000,
         *         "refunded": 28800,
         *         "net": 475200,
         *         "waiting": 3,
         *         "valid": 189,
         *         "sellable": 1480,
         *         "utilization": 0.1277
         *       }
         *     }
         */
        WatchSalesAnswer: {
            /** @constant */
            ok: true;
            sales: components["schemas"]["SalesNumbers"];
        } | components["schemas"]["Refusal"];
        /**
         * @example {
         *       "token": "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"
         *     }
         */
        AuthenticateRequest: {
            token: string;
        };
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
         *       "epoch": "5e0c1b7a9f42",
         *       "from": 4711,
         *       "to": 4714,
         *       "changes": [
         *         [
         *           17,
         *           1
         *         ],
         *         [
         *           18,
         *           1
         *         ],
         *         [
         *           230,
         *           0
         *         ]
         *       ],
         *       "areas": [
         *         [
         *           "Standing",
         *           6,
         *           120
         *         ]
         *       ],
         *       "priceVersion": 1
         *     }
         */
        SeatChanges: {
            /** Format: uuid */
            eventId: string;
            /** @description Names the history that seq counts in; another one after a restore */
            epoch: string;
            /** @description Covers the changes after this */
            from: number;
            /** @description up to and with this */
            to: number;
            /** @description [n, state] of every seat touched, once, with its state at `to` */
            changes: [
                number,
                number
            ][];
            /** @description [area, held, booked] of every area touched */
            areas?: [
                string,
                number,
                number
            ][];
            /** @description Another one than that of the state you have: its prices are out of date, or the sale of the event has changed */
            priceVersion: number;
        };
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
         *       "epoch": "5e0c1b7a9f42",
         *       "seq": 4711,
         *       "count": 6,
         *       "states": "hAE=",
         *       "sections": [
         *         {
         *           "name": "Block A",
         *           "free": 3,
         *           "held": 2,
         *           "booked": 1,
         *           "blocked": 0
         *         }
         *       ],
         *       "areas": [
         *         {
         *           "area": "Standing",
         *           "capacity": 248,
         *           "held": 4,
         *           "booked": 120
         *         }
         *       ],
         *       "prices": {
         *         "version": 1,
         *         "categories": [
         *           {
         *             "category": "Stalls",
         *             "price": 2400
         *           }
         *         ],
         *         "areas": [
         *           {
         *             "area": "Standing",
         *             "price": 1200
         *           }
         *         ]
         *       }
         *     }
         */
        SeatStates: {
            /** Format: uuid */
            eventId: string;
            /** @description Names the history that seq counts in; another one after a restore */
            epoch: string;
            /** @description Number of the last change that this covers */
            seq: number;
            /** @description Number of seats */
            count: number;
            /** @description Base64 of ceil(count / 4) bytes; seat n is (byte[n >> 2] >> ((n & 3) * 2)) & 3: 0 free, 1 held, 2 booked, 3 blocked */
            states: string;
            sections: {
                name: string;
                free: number;
                held: number;
                booked: number;
                blocked: number;
            }[];
            areas: {
                area: string;
                capacity: number;
                held: number;
                booked: number;
            }[];
            /** @description In the currency of the event; what has no price is not for sale */
            prices: {
                version: number;
                categories: {
                    category: string;
                    /** @description Integer minor units of the currency */
                    price: number;
                }[];
                areas: {
                    area: string;
                    /** @description Integer minor units of the currency */
                    price: number;
                }[];
            };
            /**
             * Format: date-time
             * @description The moment that was asked for; absent for now
             */
            at?: string;
        };
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
         *       "epoch": "0b5d77e1c3aa"
         *     }
         */
        SeatsReset: {
            /**
             * Format: uuid
             * @description The event (performance)
             */
            eventId: string;
            epoch: string;
        };
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "currency": "EUR",
         *       "holds": 120,
         *       "open": 2,
         *       "orders": 100,
         *       "tickets": 210,
         *       "cancelled": 21,
         *       "gross": 504000,
         *       "refunded": 28800,
         *       "net": 475200,
         *       "waiting": 3,
         *       "valid": 189,
         *       "sellable": 1480,
         *       "utilization": 0.1277
         *     }
         */
        SalesNumbers: {
            /** Format: uuid */
            eventId: string;
            currency: string;
            holds: number;
            open: number;
            orders: number;
            tickets: number;
            cancelled: number;
            gross: number;
            refunded: number;
            net: number;
            waiting: number;
            valid: number;
            sellable: number;
            utilization: number | null;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-000000000004",
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
         *       "code": "K7RM-2XQF",
         *       "status": "held",
         *       "expiresAt": "2027-08-01T10:10:00.000Z"
         *     }
         */
        BookingChanged: {
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description The event (performance)
             */
            eventId: string;
            code: string;
            /** @enum {string} */
            status: "held" | "paying" | "confirmed" | "released" | "expired" | "cancelling" | "cancelled";
            /** @description Deadline of a hold or a payment; null in any other status */
            expiresAt: string | null;
        };
        /**
         * @example {
         *       "entryId": "019ab0c0-0000-7000-8000-000000000005",
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
         *       "bookingId": "019ab0c0-0000-7000-8000-000000000004",
         *       "quantity": 2,
         *       "expiresAt": "2027-08-01T10:15:00.000Z"
         *     }
         */
        WaitlistOffer: {
            /**
             * Format: uuid
             * @description Your entry in the line
             */
            entryId: string;
            /**
             * Format: uuid
             * @description The event (performance)
             */
            eventId: string;
            /**
             * Format: uuid
             * @description The hold that is offered
             */
            bookingId: string;
            quantity: number;
            /**
             * Format: date-time
             * @description Accept or pay it before
             */
            expiresAt: string;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000d9",
         *       "kind": "booking.confirmed",
         *       "title": "Your booking for Final",
         *       "text": "Booking K7RM-2XQF is confirmed. See you on Sunday 1 August 2027 at 20:00 CEST.",
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "createdAt": "2027-06-01T10:00:00.000Z",
         *       "readAt": null,
         *       "unread": 1
         *     }
         */
        LiveNotification: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "booking.confirmed" | "booking.restored" | "booking.replaced" | "booking.expired" | "booking.cancelled" | "payment.returned" | "refund.delayed" | "event.changed" | "event.cancelled" | "event.reminder" | "ticket.transferred" | "waitlist.offered" | "waitlist.expired" | "waitlist.closed";
            /** @description In the language of the account */
            title: string;
            text: string;
            eventId: string | null;
            bookingId: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            readAt: string | null;
            /** @description How many there are unread now, with this one */
            unread: number;
        };
        /**
         * @example {
         *       "organisationId": "019ab0c0-0000-7000-8000-000000000006"
         *     }
         */
        RightsChanged: {
            /**
             * Format: uuid
             * @description The organisation in which your rights are others now
             */
            organisationId: string;
        };
        /**
         * @example {
         *       "code": "token_expired"
         *     }
         */
        SessionEnded: {
            /** @enum {string} */
            code: "token_expired" | "token_revoked" | "token_invalid";
        };
        /**
         * @example {
         *       "code": "shutting_down"
         *     }
         */
        ServerClosing: {
            /** @constant */
            code: "shutting_down";
        };
        /**
         * @example {
         *       "ok": true
         *     }
         */
        Done: {
            /** @constant */
            ok: true;
        };
        /**
         * @description A problem document (RFC 9457) as over HTTP
         * @example {
         *       "error": {
         *         "type": "/docs/errors#event_not_on_sale",
         *         "title": "The event is not on sale",
         *         "status": 409,
         *         "code": "event_not_on_sale"
         *       }
         *     }
         */
        Refusal: {
            error: {
                code: string;
                title: string;
                status: number;
                detail?: string;
            } & {
                [key: string]: unknown;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;

/** Messages from the server. */
export interface FromServer {
  'seats.changed': components['schemas']['SeatChanges'];
  'seats.snapshot': components['schemas']['SeatStates'];
  'seats.reset': components['schemas']['SeatsReset'];
  'sales.changed': components['schemas']['SalesNumbers'];
  'booking.changed': components['schemas']['BookingChanged'];
  'waitlist.offer': components['schemas']['WaitlistOffer'];
  'notification': components['schemas']['LiveNotification'];
  'rights.changed': components['schemas']['RightsChanged'];
  'session.ended': components['schemas']['SessionEnded'];
  'server.closing': components['schemas']['ServerClosing'];
}

/** Messages from clients, and the answer to each. */
export interface FromClients {
  'watch': { payload: components['schemas']['WatchRequest']; answer: components['schemas']['WatchAnswer'] };
  'unwatch': { payload: components['schemas']['UnwatchRequest']; answer: components['schemas']['Answer'] };
  'watch.sales': { payload: components['schemas']['WatchSalesRequest']; answer: components['schemas']['WatchSalesAnswer'] };
  'unwatch.sales': { payload: components['schemas']['UnwatchRequest']; answer: components['schemas']['Answer'] };
  'authenticate': { payload: components['schemas']['AuthenticateRequest']; answer: components['schemas']['Answer'] };
}
