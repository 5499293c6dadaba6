import { useInfiniteQuery } from '@tanstack/react-query';
import { shortTimes } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { EventName } from '../../shop/event-name.js';
import { Check } from '../../ui/field.js';
import { Load, More, Skeleton } from '../../ui/states.js';
import { myEventsQuery } from '../queries.js';
import { useRights } from '../rights.js';

/** Single events of the organisation, newest first. */
export function EventChoice({
  sandbox,
  chosen,
  choose,
  fault,
}: {
  /** Only try-out events, or only others; undefined: both. */
  sandbox: boolean | undefined;
  chosen: readonly string[];
  choose: (ids: string[]) => void;
  fault: string | undefined;
}) {
  const { t } = useTranslation();
  const { organisation } = useRights();
  const events = useInfiniteQuery(myEventsQuery(undefined));
  return (
    <fieldset className="stack tight">
      <legend className="label">{t('members.eventsChosen', { count: chosen.length })}</legend>
      <Load of={events} waiting={<Skeleton height="2rem" count={3} />}>
        {({ pages }) => (
          <>
            {pages
              .flatMap(({ data }) => data)
              .filter(
                (event) =>
                  event.organizerId === organisation?.id && event.sandbox === (sandbox ?? event.sandbox),
              )
              .map((event) => (
                <Check
                  key={event.id}
                  label={
                    <>
                      <EventName event={event} /> <span className="small soft">{shortTimes(event)}</span>
                    </>
                  }
                  checked={chosen.includes(event.id)}
                  onChange={({ target }) =>
                    choose(
                      target.checked ? [...chosen, event.id] : chosen.filter((other) => other !== event.id),
                    )
                  }
                />
              ))}
            <More of={events} />
          </>
        )}
      </Load>
      {fault && <span className="fault">{fault}</span>}
    </fieldset>
  );
}
