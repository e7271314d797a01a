// One event, whole: attributes, where it is recorded, and its data.
import { signal } from '@preact/signals';
import { Fragment } from 'preact';
import { useMemo } from 'preact/hooks';
import { serverRoot, urlPath } from '../api';
import * as format from '../format';
import { showContext } from '../location';
import { Icon } from '../ui/icons';
import { opened, type ShownEvent } from './follow';
import { member, pretty, textOf, type Token } from './json';
import { payloadOf, type Payload } from './payload';

const FIRST = ['id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema'];
const HIDDEN = new Set([...FIRST, 'data', 'data_base64', 'specversion']);

export function EventDetail() {
  const event = opened.value;
  return (
    <div class="detail" role="region" aria-label="Event">
      {event ? (
        <EventWhole key={event.key} event={event} onClose={() => (opened.value = null)} />
      ) : (
        <p class="hint">Choose an event to see all of it.</p>
      )}
    </div>
  );
}

export function EventWhole({ event, onClose }: { event: ShownEvent; onClose: () => void }) {
  const { envelope, raw } = event;
  const payload = useMemo(() => payloadOf(envelope, raw), [raw]);
  const attributes = envelope.event;
  const extensions = Object.keys(attributes).filter((name) => !HIDDEN.has(name));
  return (
    <>
      <header class="detail-head">
        <h2>{attributes.type}</h2>
        <Copy label="Copy JSON" text={() => textOf(pretty(member(raw, 'event') ?? raw))} />
        <Copy label="Copy as curl" text={() => curl(envelope.context, member(raw, 'event') ?? '{}')} />
        <button type="button" class="tool bare" aria-label="Close the event" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="detail-body">
        <dl class="facts">
          {FIRST.filter((name) => name !== 'type' && attributes[name] !== undefined).map((name) => (
            <Fact key={name} name={name} value={String(attributes[name])} />
          ))}
          {extensions.map((name) => (
            <Fact key={name} name={name} value={String(attributes[name])} extension />
          ))}
          <div class="facts-gap" />
          <div class="fact">
            <dt>context</dt>
            <dd>
              <button type="button" class="link" onClick={() => showContext(envelope.context)}>
                <Path text={envelope.context} />
              </button>
            </dd>
          </div>
          <Fact name="recorded" value={envelope.recorded} />
          <Fact
            name="stream"
            value={`${envelope.stream}, partition ${envelope.partition}, offset ${envelope.offset}`}
          />
        </dl>
        <PayloadView payload={payload} />
      </div>
    </>
  );
}

export function Fact({ name, value, extension = false }: { name: string; value: string; extension?: boolean }) {
  return (
    <div class={`fact${extension ? ' extension' : ''}`}>
      <dt>{name}</dt>
      <dd>
        <Path text={value} />
      </dd>
    </div>
  );
}

/** Text that is broken behind its slashes first, where it has to be broken. */
export function Path({ text }: { text: string }) {
  const parts = text.split(/(?<=\/)/);
  return (
    <>
      {parts.map((part, i) => (
        <Fragment key={i}>
          {i > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}

function PayloadView({ payload }: { payload: Payload }) {
  if (payload.kind === 'none') return <p class="payload-kind">No data</p>;
  const cut = payload.kind !== 'json' && payload.cut;
  return (
    <div class="payload">
      <p class="payload-kind">
        {{ json: 'JSON', text: 'Text', binary: 'Binary' }[payload.kind]}, {format.bytes(payload.bytes)}
        {cut && ' · only the beginning is shown'}
      </p>
      <pre class={`data ${payload.kind}`} tabIndex={0} aria-label="Data">
        {payload.kind === 'json' ? <Tokens tokens={payload.tokens} /> : payload.text}
      </pre>
    </div>
  );
}

export function Tokens({ tokens }: { tokens: readonly Token[] }) {
  return (
    <>
      {tokens.map((token, i) =>
        token.kind === 'plain' ? (
          token.text
        ) : (
          <span key={i} class={`json-${token.kind}`}>
            {token.text}
          </span>
        ),
      )}
    </>
  );
}

/** A command that publishes the same event again. */
export function curl(context: string, event: string): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `curl ${quote(`${serverRoot}events/${urlPath(context)}`)}`,
    `  -H 'Content-Type: application/cloudevents+json'`,
    `  --data-binary ${quote(event)}`,
  ].join(' \\\n');
}

const copied = signal('');

export function Copy({ label, text }: { label: string; text: () => string }) {
  const done = copied.value === label;
  const copy = async () => {
    await writeClipboard(text());
    copied.value = label;
    setTimeout(() => (copied.value = ''), 1200);
  };
  return (
    <button type="button" class="tool" onClick={() => void copy()}>
      <span class="stack">
        <span class={done ? 'away' : ''}>{label}</span>
        <span class={done ? '' : 'away'} aria-live="polite">
          {done ? 'Copied' : ''}
        </span>
      </span>
    </button>
  );
}

async function writeClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure origin there is no clipboard; a selection can still be copied.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
