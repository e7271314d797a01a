// One query: what it takes in and gives out, how it does that, and what can be done with it.
import { serverNow } from '../connection';
import { DocumentView, Named } from '../cursors/parts';
import * as format from '../format';
import { CHART_SECONDS, writeRate } from '../streams/RateChart';
import { Chart } from '../ui/Chart';
import { Icon } from '../ui/icons';
import { Link, SideHead } from '../ui/Pair';
import { Balance } from './Balance';
import { duration, ErrorNote, QueryMark } from './parts';
import { PlanGraph } from './PlanGraph';
import { courseOf, isGoing, patternOfTemplate, pathOf, placeOf, tell, type Query, type QueryStatus } from './queries';
import { ResultEvents } from './ResultEvents';
import { ResultView } from './ResultView';
import { SqlView } from './SqlView';

export function QueryDetail({ name, query }: { name: string; query: Query | undefined }) {
  if (!query)
    return (
      <>
        <SideHead title={name} />
        <p class="none">There is no query of this name.</p>
      </>
    );
  const { document, status } = query;
  const sql = status?.sql ?? document.sql ?? '';
  return (
    <>
      <SideHead title={name}>{status && <Buttons status={status} />}</SideHead>
      <div class="side-body">
        {status?.error && <ErrorNote error={status.error} />}
        {!status && <p class="muted">The server does not tell how it is doing.</p>}
        {status?.warnings?.map((warning) => (
          <p key={warning} class="warning">
            {warning}
          </p>
        ))}
        {status && <Balance counts={status.counts} lateContext={document.eventTime?.lateContext} />}
        {status && <Facts query={query} status={status} />}
        {status && <Rates name={name} />}
        <section class="block" aria-label="SQL">
          <h3>SQL</h3>
          <SqlView sql={sql} wrong={status?.error ? placeOf(status.error) : null} />
        </section>
        {status?.plan && status.plan.nodes.length > 0 && (
          <section class="block" aria-label="Plan">
            <h3>Plan</h3>
            <PlanGraph plan={status.plan} label={`Plan of ${name}`} />
          </section>
        )}
        <Results query={query} />
        <DocumentView path={pathOf(name)} />
      </div>
    </>
  );
}

function Buttons({ status }: { status: QueryStatus }) {
  const { name } = status;
  const going = isGoing(status);
  return (
    <>
      <button type="button" class="tool" onClick={() => void tell(name, going ? 'pause' : 'resume')}>
        <Icon name={going ? 'pause' : 'play'} />
        {going ? 'Pause' : 'Resume'}
      </button>
      <button
        type="button"
        class="tool"
        disabled={status.state !== 'running'}
        title="Keep the state as it is now, to begin with it again"
        onClick={() => void tell(name, 'savepoint')}
      >
        Savepoint
      </button>
    </>
  );
}

function Facts({ query: { document }, status }: { query: Query; status: QueryStatus }) {
  const { checkpoint, counts, lag } = status;
  const { output } = document;
  return (
    <dl class="facts">
      <Named name="state">
        <QueryMark status={status} />
        {status.since && <span class="muted"> since {format.moment(status.since)}</span>}
      </Named>
      <Named name="output">
        {format.count(counts.output)} to{' '}
        {output?.view ? (
          <>
            view{' '}
            <Link to="views" name={output.view}>
              {output.view}
            </Link>
          </>
        ) : (
          <span class="mono">{output?.context}</span>
        )}
      </Named>
      <Named name="lag">{format.count(lag.events)} events</Named>
      <Named name="watermark">
        {status.watermark ? (
          <>
            {format.moment(status.watermark)}, {duration(lag.watermarkMillis)} behind
          </>
        ) : (
          'none yet'
        )}
      </Named>
      <Named name="restarts">{format.count(status.restarts)}</Named>
      <Named name="state size">{format.bytes(status.stateBytes ?? 0)}</Named>
      <Named name="checkpoint">
        {checkpoint?.last ? (
          <>
            {ago(checkpoint.last)}, took {duration(checkpoint.durationMillis)}, {format.bytes(checkpoint.bytes ?? 0)}
          </>
        ) : (
          'none yet'
        )}
      </Named>
      <Named name="checkpoints">
        {format.count(checkpoint?.completed ?? 0)} completed,{' '}
        <span class={checkpoint?.failed ? 'bad' : ''}>{format.count(checkpoint?.failed ?? 0)} failed</span>
      </Named>
    </dl>
  );
}

function ago(time: string): string {
  const age = format.age(serverNow() - Date.parse(time));
  return age === 'now' ? 'just now' : `${age} ago`;
}

function Rates({ name }: { name: string }) {
  const { times, input, output } = courseOf(name);
  return (
    <div class="rate-pair">
      {(['input', 'output'] as const).map((which) => (
        <section key={which} class="block" aria-label={`Rate of ${which}`}>
          <h3>
            {which === 'input' ? 'Input' : 'Output'} a second{' '}
            <b class="now">{writeRate((which === 'input' ? input : output).at(-1) ?? 0)}</b>
          </h3>
          <Chart
            label={`${which === 'input' ? 'Input' : 'Output'} events a second in the last five minutes`}
            lines={[{ name: which, times, values: which === 'input' ? input : output }]}
            seconds={CHART_SECONDS}
            write={writeRate}
            unit="/s"
          />
        </section>
      ))}
    </div>
  );
}

function Results({ query: { document } }: { query: Query }) {
  const { context, view } = document.output ?? {};
  if (!context && !view) return null;
  return (
    <section class="block" aria-label="Results">
      <h3>Results</h3>
      {view ? <ResultView name={view} /> : <ResultEvents pattern={patternOfTemplate(context!)} />}
    </section>
  );
}
