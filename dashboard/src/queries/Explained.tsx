// What a query would do: its columns, how its result changes, its plan, and rows of a trial.
import * as format from '../format';
import { Named } from '../cursors/parts';
import { PlanGraph } from './PlanGraph';
import type { Plan } from './queries';

export interface Explanation {
  columns: readonly { name: string; type: string }[];
  changes: string;
  key?: readonly string[];
  warnings?: readonly string[];
  plan?: Plan;
  text?: string;
  state?: string;
  sample?: readonly Record<string, unknown>[];
}

const CHANGES: Record<string, string> = {
  'insert-only': 'rows are only added',
  upsert: 'rows change: the newest one of a key counts',
};
const STATES: Record<string, string> = {
  kept: 'the state that it has now is kept',
  lost: 'the state that it has now is lost',
  new: 'it begins without any',
};

const write = (value: unknown) =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

export function Explained({ explanation }: { explanation: Explanation }) {
  const { columns, changes, key, warnings = [], plan, text, state, sample = [] } = explanation;
  return (
    <section class="block" aria-label="Explanation">
      <h3>What it would do</h3>
      {warnings.map((warning) => (
        <p key={warning} class="warning">
          {warning}
        </p>
      ))}
      <dl class="facts">
        <Named name="columns">
          {columns.map(({ name, type }, i) => (
            <span key={name}>
              {i > 0 && ', '}
              <b>{name}</b> <span class="muted mono">{type}</span>
            </span>
          ))}
        </Named>
        <Named name="changes">{CHANGES[changes] ?? changes}</Named>
        {key && key.length > 0 && <Named name="key">{key.join(', ')}</Named>}
        {state && <Named name="state">{STATES[state] ?? state}</Named>}
      </dl>
      {plan && plan.nodes.length > 0 && <PlanGraph plan={plan} label="Plan" />}
      {sample.length > 0 && (
        <>
          <h3>{format.count(sample.length)} rows of a trial</h3>
          <div class="sample" tabIndex={0} role="region" aria-label="Rows of a trial">
            <table>
              <thead>
                <tr>
                  {columns.map(({ name }) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {sample.map((row, i) => (
                  <tr key={i}>
                    {columns.map(({ name }) => (
                      <td key={name}>{write(row[name])}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {text && (
        <details class="fold">
          <summary>Plan as text</summary>
          <pre class="data binary" tabIndex={0}>
            {text}
          </pre>
        </details>
      )}
    </section>
  );
}
