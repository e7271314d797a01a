// One view: its table, as it changes.
import { DocumentView, Named } from '../cursors/parts';
import * as format from '../format';
import { SideHead } from '../ui/Pair';
import { FedBy } from './FedBy';
import { ViewTable } from './ViewTable';
import { pathOf, type View } from './views';

export function ViewDetail({ name, view }: { name: string; view: View | undefined }) {
  if (!view)
    return (
      <>
        <SideHead title={name} />
        <p class="none">There is no view of this name.</p>
      </>
    );
  const { document, status } = view;
  return (
    <>
      <SideHead title={name} />
      <div class="view-facts">
        <dl class="facts">
          <Named name="state">
            {status ? <span class={`mark ${status.state}`}>{status.state}</span> : 'the server does not tell'}
          </Named>
          <Named name="fed by">
            <FedBy view={view} />
          </Named>
          {document.key && (
            <Named name="key">
              <span class="mono">{document.key}</span>
            </Named>
          )}
          {status && (
            <Named name="holds">
              {format.count(status.keys)} keys, {format.bytes(status.bytes)}; {format.count(status.updates)} updates,{' '}
              {format.count(status.lag.events)} to come
            </Named>
          )}
        </dl>
        <DocumentView path={pathOf(name)} />
      </div>
      <ViewTable name={name} keys={status?.keys} />
    </>
  );
}
