import type { FromServer } from '@evently/client';
import { useEffect, useState } from 'react';
import { client } from '../../api.js';

export type SalesNumbers = FromServer['sales.changed'];

/** Sales of an event so far, sent by the server as they change; undefined until the first message. */
export function useLiveSales(eventId: string): SalesNumbers | undefined {
  const [numbers, setNumbers] = useState<SalesNumbers>();
  useEffect(() => {
    const { live } = client;
    const watch = () =>
      void live
        .ask('watch.sales', { eventId })
        .then((answer) => 'sales' in answer && setNumbers(answer.sales))
        // A connection that is gone has a successor.
        .catch(() => {});
    const stops = [
      live.on('connected', watch),
      live.on('sales.changed', (news) => {
        if (news.eventId === eventId) setNumbers(news);
      }),
    ];
    live.open();
    if (live.connected) watch();
    return () => {
      for (const stop of stops) stop();
      if (live.connected) void live.ask('unwatch.sales', { eventId }).catch(() => {});
    };
  }, [eventId]);
  return numbers;
}
