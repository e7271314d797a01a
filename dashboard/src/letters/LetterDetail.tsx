// One dead letter: why, when and where from; its event, which can be repaired and sent again.
import { useSignal } from '@preact/signals';
import { getText } from '../api';
import { Copy, Path, Tokens } from '../events/EventDetail';
import { member, pretty, textOf } from '../events/json';
import { Named } from '../cursors/parts';
import * as format from '../format';
import { item } from '../location';
import { act, FieldView, Problem } from '../ui/Ask';
import { useAsked } from '../ui/asked';
import { Link, SideHead } from '../ui/Pair';
import { askDiscard, askResubmit } from './actions';
import { apply, type Letter } from './letters';

export function LetterDetail({ id }: { id: string }) {
  const asked = useAsked(id, async () => {
    const text = await getText(`dead-letters/${encodeURIComponent(id)}`);
    // From its text, so that numbers stay as they were sent, also when the event is sent again.
    return { letter: JSON.parse(text) as Letter, event: pretty(member(text, 'event') ?? '{}') };
  });
  /** The event's text while it is repaired. */
  const edited = useSignal<string | null>(null);
  if (!asked.value)
    return (
      <>
        <SideHead title="Dead letter" />
        {asked.error !== undefined && <Problem error={asked.error} />}
      </>
    );
  const { letter, event } = asked.value;
  const chosen = { ids: [id] };
  return (
    <>
      <SideHead title={`${letter.name}: ${letter.reason}`}>
        <button type="button" class="tool" onClick={() => askResubmit(chosen)}>
          Resubmit…
        </button>
        <button type="button" class="tool danger" onClick={() => askDiscard(chosen)}>
          Discard…
        </button>
      </SideHead>
      <div class="side-body">
        <p class="why">{letter.detail}</p>
        <dl class="facts">
          <Named name="of">
            {letter.kind.toLowerCase()}{' '}
            <Link to={letter.kind === 'Queue' ? 'queues' : 'subscriptions'} name={letter.name}>
              {letter.name}
            </Link>
          </Named>
          <Named name="reason">{letter.reason}</Named>
          {letter.status !== undefined && <Named name="status">{letter.status}</Named>}
          <Named name="attempts">{format.count(letter.attempts)}</Named>
          <Named name="first attempt">{format.moment(letter.first)}</Named>
          <Named name="given up">{format.moment(letter.last)}</Named>
          <Named name="sent again">{letter.resubmissions === 1 ? 'once' : `${letter.resubmissions} times`}</Named>
          <Named name="context">
            <Path text={letter.context} />
          </Named>
          <Named name="stream">
            {letter.position.stream}, partition {letter.position.partition}, offset {letter.position.offset}
          </Named>
          <Named name="id">{letter.id}</Named>
        </dl>
        <section class="block" aria-label="Event">
          <h3>Event</h3>
          {edited.value === null ? (
            <>
              <p class="paging">
                <button type="button" class="tool" onClick={() => (edited.value = textOf(event))}>
                  Edit and resubmit
                </button>
                <Copy label="Copy JSON" text={() => textOf(event)} />
              </p>
              <pre class="data" tabIndex={0} aria-label="Event as JSON">
                <Tokens tokens={event} />
              </pre>
            </>
          ) : (
            <Editor id={id} text={edited.value} onChange={(text) => (edited.value = text)} />
          )}
        </section>
      </div>
    </>
  );
}

function Editor({ id, text, onChange }: { id: string; text: string; onChange: (text: string | null) => void }) {
  const error = useSignal<unknown>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      JSON.parse(text);
      const done = await apply('resubmit', { ids: [id] }, { event: text });
      if (done.problems?.length) {
        error.value = done.problems.join('\n');
        return;
      }
      void act(async () => done);
      item.value = '';
    } catch (thrown) {
      error.value = thrown instanceof SyntaxError ? `This is not JSON: ${thrown.message}` : thrown;
    }
  };
  return (
    <form class="fields" onSubmit={(event) => void submit(event)}>
      <FieldView
        field={{ name: 'repaired', label: 'The event that is sent instead', kind: 'textarea', required: true }}
        value={text}
        onChange={onChange}
      />
      {error.value !== null && <Problem error={error.value} />}
      <p class="paging">
        <button type="submit" class="tool primary">
          Resubmit what is written here
        </button>
        <button type="button" class="tool" onClick={() => onChange(null)}>
          Leave it as it was
        </button>
      </p>
    </form>
  );
}
