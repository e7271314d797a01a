// JSON as text: pretty-printed token by token, so that numbers and the order of members stay exactly as they were sent.

export interface Token {
  kind: 'key' | 'string' | 'number' | 'literal' | 'plain';
  text: string;
}

const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g;

/** The text of one member's value in the object that `text` is; undefined if it has none. */
export function member(text: string, name: string): string | undefined {
  const wanted = JSON.stringify(name);
  let depth = 0;
  let start = -1;
  let key = '';
  for (const match of text.matchAll(TOKENS)) {
    const token = match[0];
    const end = match.index + token.length;
    if (token === '}' || token === ']') depth--;
    if (token === '{' || token === '[') depth++;
    else if (start >= 0 && depth === 1) return text.slice(start, end);
    if (start >= 0 || depth !== 1) continue;
    if (token === ':' && key === wanted) start = end;
    else key = token;
  }
  return undefined;
}

/** The texts of the elements of the array that `text` is. */
export function elements(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 1;
  for (const match of text.matchAll(TOKENS)) {
    const token = match[0];
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    if ((token === ',' && depth === 1) || depth === 0) {
      const element = text.slice(start, match.index).trim();
      if (element) found.push(element);
      start = match.index + 1;
    }
  }
  return found;
}

/** The same JSON with line breaks and indents. */
export function pretty(text: string): Token[] {
  const tokens: Token[] = [];
  const words = text.match(TOKENS) ?? [];
  let depth = 0;
  const plain = (s: string) => {
    const last = tokens.at(-1);
    if (last?.kind === 'plain') last.text += s;
    else tokens.push({ kind: 'plain', text: s });
  };
  const line = () => `\n${'  '.repeat(depth)}`;
  words.forEach((word, i) => {
    const next = words[i + 1];
    if (word === '{' || word === '[') {
      const empty = next === '}' || next === ']';
      depth++;
      plain(empty ? word : word + line());
    } else if (word === '}' || word === ']') {
      depth--;
      const before = words[i - 1];
      plain(before === '{' || before === '[' ? word : line() + word);
    } else if (word === ',') plain(`,${line()}`);
    else if (word === ':') plain(': ');
    else tokens.push({ kind: kindOf(word, next), text: word });
  });
  return tokens;
}

function kindOf(word: string, next: string | undefined): Token['kind'] {
  if (word.startsWith('"')) return next === ':' ? 'key' : 'string';
  return /^[tfn]/.test(word) ? 'literal' : 'number';
}

export const textOf = (tokens: readonly Token[]) => tokens.map((token) => token.text).join('');
