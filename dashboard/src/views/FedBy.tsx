// Where a view's values come from.
import { Link } from '../ui/Pair';
import type { View } from './views';

export function FedBy({ view: { document, status } }: { view: View }) {
  const query = status?.fedBy.query;
  if (query)
    return (
      <>
        query{' '}
        <Link to="queries" name={query}>
          {query}
        </Link>
      </>
    );
  const pattern = status?.fedBy.pattern ?? document.from?.pattern;
  const stream = status?.fedBy.stream ?? document.from?.stream;
  if (!pattern && !stream) return <span class="muted">no query yet</span>;
  return <>{pattern ? <span class="mono">{pattern}</span> : <>stream {stream}</>}</>;
}
