// Why an event is delivered or not: the clauses of the subscription as a tree.
import { useSignal } from '@preact/signals';
import { change } from '../api';
import { FieldView, Problem, type Field, type Values } from '../ui/Ask';
import { pathOf } from './groups';

interface Why {
  path: string;
  clause: string;
  matches: boolean;
  decisive: boolean;
  found?: string | null;
  detail?: string | null;
  parts: Why[];
}

interface Explanation {
  wanted: boolean;
  state: string;
  why: Why;
}

const POSITION: Field[] = [
  { name: 'stream', label: 'Stream', kind: 'text', required: true },
  { name: 'partition', label: 'Partition', kind: 'number', required: true },
  { name: 'offset', label: 'Offset', kind: 'number', required: true },
];
const EVENT: Field[] = [
  { name: 'event', label: 'Event', kind: 'textarea', required: true, hint: 'as CloudEvents JSON' },
  { name: 'context', label: 'Context', kind: 'text', hint: 'without one it comes from the source' },
];
const SAMPLE = `{
  "specversion": "1.0",
  "id": "1",
  "source": "/org/contoso",
  "type": "com.example.alarm",
  "data": {}
}`;

export function Explain({ name }: { name: string }) {
  const pasted = useSignal(false);
  const values = useSignal<Values>({
    stream: 'events',
    partition: '0',
    offset: '0',
    event: SAMPLE,
    context: '',
  });
  const answer = useSignal<Explanation | null>(null);
  const error = useSignal<unknown>(null);
  const submit = async (submission: Event) => {
    submission.preventDefault();
    const { stream, partition, offset, event, context = '' } = values.value;
    const path = `${pathOf('Subscription', name)}/explain`;
    const position = { stream, partition: Number(partition), offset: Number(offset) };
    error.value = answer.value = null;
    try {
      answer.value = pasted.value
        ? await change(
            'POST',
            context.trim() ? `${path}?context=${encodeURIComponent(context.trim())}` : path,
            event,
            'application/cloudevents+json',
          )
        : await change('POST', path, JSON.stringify({ position }));
    } catch (thrown) {
      error.value = thrown;
    }
  };
  const choose = (next: boolean) => () => (pasted.value = next);
  return (
    <section class="block" aria-label="Explain">
      <h3>Why an event is delivered or not</h3>
      <div class="segmented fit" role="group" aria-label="Which event">
        <button type="button" aria-pressed={!pasted.value} onClick={choose(false)}>
          A stored event
        </button>
        <button type="button" aria-pressed={pasted.value} onClick={choose(true)}>
          A pasted event
        </button>
      </div>
      <form class={pasted.value ? 'fields' : 'fields in-row'} onSubmit={(event) => void submit(event)}>
        {(pasted.value ? EVENT : POSITION).map((field) => (
          <FieldView
            key={field.name}
            field={field}
            value={values.value[field.name]!}
            onChange={(value) => (values.value = { ...values.value, [field.name]: value })}
          />
        ))}
        <button type="submit" class="tool primary">
          Explain
        </button>
      </form>
      <div aria-live="polite">
        {error.value !== null && <Problem error={error.value} />}
        {answer.value && <Answer answer={answer.value} />}
      </div>
    </section>
  );
}

function Answer({ answer }: { answer: Explanation }) {
  return (
    <div class="explanation">
      <p>
        <b class={answer.wanted ? 'good' : 'bad'}>{answer.wanted ? 'Wanted' : 'Not wanted'}</b>
        {answer.state && `: ${answer.state}`}
      </p>
      <ul class="clauses">
        <Clause why={answer.why} />
      </ul>
    </div>
  );
}

function Clause({ why }: { why: Why }) {
  return (
    <li class={why.decisive ? 'decisive' : ''}>
      <span class={why.matches ? 'good' : 'bad'}>
        <span aria-hidden="true">{why.matches ? '✓' : '✗'}</span>
        <span class="unseen">{why.matches ? 'matches:' : 'does not match:'}</span>
      </span>{' '}
      {why.path && <code>{why.path}</code>} {why.clause}
      {why.found && (
        <>
          {' · found '}
          <code>{why.found}</code>
        </>
      )}
      {why.detail && <span class="muted"> · {why.detail}</span>}
      {why.parts.length > 0 && (
        <ul>
          {why.parts.map((part, i) => (
            <Clause key={i} why={part} />
          ))}
        </ul>
      )}
    </li>
  );
}
