// What the parts of the page of queries share.
import * as format from '../format';
import type { QueryError, QueryStatus } from './queries';
import { placeOf } from './queries';

interface MarkProps {
  status: QueryStatus | undefined;
  /** Whether what is wrong is told beside the state. */
  withError?: boolean;
}

export function QueryMark({ status, withError = false }: MarkProps) {
  if (!status) return <span class="muted">–</span>;
  const more = status.progress ?? (withError && status.error?.message);
  return (
    <span class={`mark ${status.state}`} title={status.error?.message ?? status.progress ?? undefined}>
      {status.state}
      {more && <span class="muted">{more}</span>}
    </span>
  );
}

/** `0.4 s`, `12 s`, `5 min`; a dash if it is not known. */
export function duration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined || milliseconds < 0) return '–';
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : format.age(milliseconds);
}

/** What ended a query, or what is wrong with its text, and where. */
export function ErrorNote({ error, onPlace }: { error: QueryError; onPlace?: () => void }) {
  const place = placeOf(error);
  const where = place && `line ${place.line}, column ${place.column}`;
  return (
    <div class="problem" role="alert">
      {where &&
        (onPlace ? (
          <button type="button" class="link bad" onClick={onPlace}>
            {where}
          </button>
        ) : (
          <b>{where}</b>
        ))}
      {where && ': '}
      {error.message}
      {error.at && (
        <span class="muted">
          {' '}
          · {format.moment(error.at)}
          {error.restarts ? `, after ${format.count(error.restarts)} restarts` : ''}
        </span>
      )}
    </div>
  );
}
