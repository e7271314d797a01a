// What could not be delivered: found, looked at, sent again or thrown away.
import { beat, serverNow } from '../connection';
import * as format from '../format';
import { go, item, letterSearch } from '../location';
import { Problem } from '../ui/Ask';
import { DataTable, type Column } from '../ui/DataTable';
import { Link, Pair } from '../ui/Pair';
import { askDiscard, askResubmit } from './actions';
import { LetterDetail } from './LetterDetail';
import { letters, more, searchProblem, showMore, ticked, type Letter } from './letters';
import { LetterSearch } from './LetterSearch';

function tick(id: string): void {
  const next = new Set(ticked.value);
  if (!next.delete(id)) next.add(id);
  ticked.value = next;
}

function AllTicked() {
  const all = letters.value ?? [];
  const count = ticked.value.size;
  return (
    <input
      type="checkbox"
      aria-label="Select all that are shown"
      checked={count > 0 && count === all.length}
      indeterminate={count > 0 && count < all.length}
      disabled={all.length === 0}
      onChange={() => (ticked.value = new Set(count === all.length ? [] : all.map((letter) => letter.id)))}
    />
  );
}

const COLUMNS: Column<Letter>[] = [
  {
    name: 'Selected',
    width: '20px',
    head: <AllTicked />,
    cell: ({ id, name }) => (
      <input
        type="checkbox"
        aria-label={`Select the dead letter ${id} of ${name}`}
        checked={ticked.value.has(id)}
        onChange={() => tick(id)}
      />
    ),
  },
  {
    name: 'Of',
    width: 'minmax(90px, 1fr)',
    sort: (letter) => letter.name,
    cell: ({ id, kind, name }) => (
      <Link to="dead-letters" name={id}>
        <span title={kind}>{name}</span>
      </Link>
    ),
  },
  { name: 'Reason', width: '128px', sort: (letter) => letter.reason, cell: ({ reason }) => reason },
  {
    name: 'Age',
    width: '58px',
    class: 'right',
    sort: ({ last }) => -Date.parse(last),
    cell: ({ last }) => <span title={format.moment(last)}>{format.age(serverNow() - Date.parse(last))}</span>,
  },
  {
    name: 'Attempts',
    width: '68px',
    from: 620,
    class: 'right',
    sort: (letter) => letter.attempts,
    cell: ({ attempts }) => format.count(attempts),
  },
  {
    name: 'Type',
    width: 'minmax(90px, 1fr)',
    from: 520,
    sort: ({ event }) => event.type,
    cell: ({ event }) => event.type,
  },
  {
    name: 'Context',
    width: 'minmax(90px, 1.2fr)',
    from: 820,
    class: 'mono',
    sort: (letter) => letter.context,
    cell: ({ context }) => context,
  },
  {
    name: 'Detail',
    width: 'minmax(110px, 2fr)',
    from: 700,
    cell: ({ detail }) => <span title={detail}>{detail}</span>,
  },
];

export function LettersPage() {
  beat.value;
  // The cells read it: the table is drawn anew when something is ticked.
  const ids = [...ticked.value];
  const all = letters.value;
  const found = { search: letterSearch.value };
  return (
    <Pair
      label="Dead letters"
      list={
        <>
          <LetterSearch />
          <div class="pane-tools letter-tools" role="toolbar" aria-label="What to do with them">
            <button type="button" class="tool" disabled={!ids.length} onClick={() => askResubmit({ ids })}>
              Resubmit selected
            </button>
            <button type="button" class="tool" disabled={!ids.length} onClick={() => askDiscard({ ids })}>
              Discard selected
            </button>
            <span class="space" />
            <button type="button" class="tool" disabled={!all?.length} onClick={() => askResubmit(found)}>
              Resubmit all found
            </button>
            <button type="button" class="tool danger" disabled={!all?.length} onClick={() => askDiscard(found)}>
              Discard all found
            </button>
          </div>
          {searchProblem.value !== null && <Problem error={searchProblem.value} />}
          <DataTable
            label="Dead letters"
            columns={COLUMNS}
            rows={all ?? []}
            nameOf={(letter) => letter.id}
            open={item.value}
            onOpen={(id) => go('dead-letters', id)}
          />
          {all?.length === 0 && (
            <p class="none">
              {Object.keys(letterSearch.value).length > 0
                ? 'The search finds no dead letters.'
                : 'There are no dead letters: everything has arrived so far.'}
            </p>
          )}
          <p class="pane-foot" aria-live="polite">
            {all && (
              <>
                <b>{format.count(all.length)}</b> {more.value ? 'shown, there are more' : 'found'}
                {ids.length > 0 && (
                  <>
                    {' · '}
                    <b>{format.count(ids.length)}</b> selected
                  </>
                )}
                {more.value && (
                  <>
                    {' · '}
                    <button type="button" class="link" onClick={showMore}>
                      Show more
                    </button>
                  </>
                )}
              </>
            )}
          </p>
        </>
      }
      detail={item.value && <LetterDetail key={item.value} id={item.value} />}
    />
  );
}
