// Questions before something is done, what was done, and what the server says when it was not.
import { signal, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { ServerProblem } from '../api';
import { Icon } from './icons';

export interface Field {
  name: string;
  label: string;
  kind: 'text' | 'number' | 'datetime-local' | 'textarea' | { [value: string]: string };
  value?: string;
  required?: boolean;
  hint?: string;
  /** Whether it is asked for, by what the others say. */
  when?: (values: Values) => boolean;
}

export type Values = Record<string, string>;

export interface Done {
  text: string;
  problems?: readonly string[];
}

export interface Question {
  title: string;
  text?: string;
  action: string;
  danger?: boolean;
  fields?: readonly Field[];
  run: (values: Values) => Promise<Done>;
}

const question = signal<Question | null>(null);
const done = signal<Done | { error: unknown } | null>(null);

export const ask = (what: Question) => (question.value = what);

/** Does something at once, and says that it was done or why not. */
export async function act(run: () => Promise<Done>): Promise<void> {
  try {
    done.value = await run();
  } catch (error) {
    done.value = { error };
  }
}

export function Problem({ error }: { error: unknown }) {
  const errors = error instanceof ServerProblem ? error.errors.filter((wrong) => wrong.field) : [];
  return (
    <div class="problem" role="alert">
      {error instanceof Error ? error.message : String(error)}
      {errors.length > 0 && (
        <ul>
          {errors.map((wrong, i) => (
            <li key={i}>
              <code>{wrong.field}</code> {wrong.detail}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What was done last; goes by itself, unless something went wrong. */
export function DoneNotice() {
  const last = done.value;
  const good = last !== null && 'text' in last && !last.problems?.length;
  useEffect(() => {
    if (!good) return;
    const timer = setTimeout(() => (done.value = null), 6000);
    return () => clearTimeout(timer);
  }, [last]);
  return (
    <div class="done-place" role="status">
      {last && (
        <div class={`done${good ? '' : ' bad'}`}>
          {'text' in last ? last.text : <Problem error={last.error} />}
          {'text' in last && !good && (
            <ul>
              {last.problems!.slice(0, 20).map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          )}
          <button type="button" class="tool bare" aria-label="Close the message" onClick={() => (done.value = null)}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}

export function Asking() {
  const asked = question.value;
  return asked && <QuestionDialog key={asked.title} asked={asked} />;
}

function QuestionDialog({ asked }: { asked: Question }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const values = useSignal<Values>(Object.fromEntries((asked.fields ?? []).map((f) => [f.name, f.value ?? ''])));
  const busy = useSignal(false);
  const error = useSignal<unknown>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    error.value = null;
    try {
      const shown = (asked.fields ?? []).filter((field) => field.when?.(values.value) ?? true);
      done.value = await asked.run(Object.fromEntries(shown.map(({ name }) => [name, values.value[name]!])));
      dialog.current?.close();
    } catch (thrown) {
      error.value = thrown;
    }
    busy.value = false;
  };
  return (
    <dialog ref={dialog} aria-labelledby="ask-title" class="ask" onClose={() => (question.value = null)}>
      <form class="help-inner" onSubmit={(event) => void submit(event)}>
        <h2 id="ask-title">{asked.title}</h2>
        {asked.text && <p>{asked.text}</p>}
        {asked.fields?.map(
          (field) =>
            (field.when?.(values.value) ?? true) && (
              <FieldView
                key={field.name}
                field={field}
                value={values.value[field.name]!}
                onChange={(value) => (values.value = { ...values.value, [field.name]: value })}
              />
            ),
        )}
        {error.value !== null && <Problem error={error.value} />}
        <footer>
          <button type="button" class="tool" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={`tool primary${asked.danger ? ' danger' : ''}`} aria-disabled={busy.value}>
            {asked.action}
          </button>
        </footer>
      </form>
    </dialog>
  );
}

/** Times to the second, numbers of any kind. */
const STEPS = { text: undefined, number: 'any', 'datetime-local': 1 };

interface FieldProps {
  field: Field;
  value: string;
  onChange: (value: string) => void;
}

export function FieldView({ field, value, onChange }: FieldProps) {
  const { kind, label, hint, required = false } = field;
  const id = useId();
  const common = {
    id,
    value,
    required,
    'aria-describedby': hint ? `${id}-hint` : undefined,
    onInput: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {kind === 'textarea' ? (
        <textarea {...common} rows={12} spellcheck={false} />
      ) : typeof kind === 'object' ? (
        <select {...common}>
          {Object.entries(kind).map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
      ) : (
        // The types know each kind of input only by itself.
        <input {...(common as object)} type={kind as 'text'} step={STEPS[kind] as never} />
      )}
      {hint && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
    </div>
  );
}
