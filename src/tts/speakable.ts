import { isSoftWrap } from './softWrap.ts';

/**
 * Turns text as a language model writes it (markdown, links, tables, emoji) into text that a voice can read, so that
 * nobody hears "asterisk asterisk". Plain numbers are left to the vendor's own normalisation. '' when nothing can be spoken.
 */
export function speakable(text: string): string {
  const spoken = withTablesRead(joinWraps(withoutFences(text).split('\n')))
    .map(line)
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
  return spoken
    .map((part, index) => (index < spoken.length - 1 ? terminated(part) : part))
    .join(' ')
    .trim();
}

/** A row of a table whose head is known says its columns' names: "Item: Latte, Price: $4.50." */
function withTablesRead(lines: readonly string[]): string[] {
  let head: readonly string[] | undefined;
  return lines.flatMap((one, index) => {
    const row = one.trim();
    if (!isRow(row)) head = undefined;
    else if (isRule(lines[index + 1]?.trim() ?? '') && !isRule(row)) {
      head = cellsOf(row);
      return [];
    } else if (head !== undefined && !isRule(row)) {
      const names = head;
      const cells = cellsOf(row).map((cell, column) => {
        const name = names[column] ?? '';
        return name === '' || cell === '' ? cell : `${name.replace(/:$/, '')}: ${cell}`;
      });
      return [`|${cells.join('|')}|`];
    }
    return [one];
  });
}

const isRow = (row: string): boolean => row.startsWith('|') || /^[^|\s][^|]*(\|[^|]+)+\|?$/.test(row);
/** The line of dashes under a table's head. */
const isRule = (row: string): boolean =>
  /^\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?$/.test(row) && row.includes('|');

function joinWraps(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (const next of lines) {
    const before = joined.at(-1);
    if (before !== undefined && isSoftWrap(before, next)) joined[joined.length - 1] = `${before} ${next}`;
    else joined.push(next);
  }
  return joined;
}

/** Code is not read aloud; a fence without a language often holds plain text, which is. */
function withoutFences(text: string): string {
  return text.replace(
    /^[ \t]*(```|~~~)([^\n`]*)\n([\s\S]*?)(?:^[ \t]*\1[ \t]*$|(?![\s\S]))/gm,
    (_, _mark: string, language: string, body: string) => {
      const plain =
        /^\s*(text|txt|plain|markdown|md)?\s*$/i.test(language) && !/[{};<>]|=[^=]|\(\)/.test(body);
      return plain ? body : '';
    },
  );
}

function line(raw: string): string {
  const trimmed = raw.trim();
  if (isDefinition(trimmed)) return '';
  if (/^([-*_=]\s*){3,}$/.test(trimmed)) return '';
  if (trimmed.startsWith('|')) return tableRow(trimmed);
  const block = /^(?:#{1,6}\s+|>+\s*|[-*+•·]\s+)+/.exec(trimmed);
  const body = trimmed.slice(block?.[0].length ?? 0).replace(/^\[[ xX]\]\s+/, '');
  const plain = inline(body);
  return block === null || block[0].startsWith('>') ? plain : terminated(plain);
}

/** Where a footnote or a link leads: `[^1]: …`, `[1]: https://…`. */
const isDefinition = (text: string): boolean =>
  /^\[\^[^\]]+\]:|^\[[^\]]+\]:\s*<?(?:https?:|www\.|mailto:)/.test(text);

function tableRow(row: string): string {
  if (/^[|:\-\s]+$/.test(row)) return '';
  const cells = cellsOf(row)
    .map(inline)
    .filter((cell) => cell !== '');
  return terminated(cells.join(', '));
}

function cellsOf(row: string): string[] {
  return row
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

/** Ends a heading, an item or a row with a full stop, so that the voice pauses there. */
function terminated(text: string): string {
  return text === '' || /[.!?…:;,。！？：；，]["'”’)\]]*$/.test(text) ? text : `${text}.`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function inline(text: string): string {
  return text
    .replace(/!?\[([^\]]{0,400})\]\(([^)]{0,2000})\)/g, (_, label: string) => label)
    .replace(/\[\^(?:[^\]]{0,100}\])?/g, '')
    .replace(/\[([^\][]+)\]\[[^\][]*\]/g, '$1')
    .replace(/(?<=[\p{L}\p{N}.,;:!?)"'”’])\s?\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\](?!\()/gu, '')
    .replace(/<((?:https?:\/\/|mailto:)[^>\s]+)>/g, '$1')
    .replace(/<\/?[a-z][^<>]*>/gi, ' ')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\bmailto:/gi, '')
    .replace(
      /(\b(?:to|at|visit|on|from|is)\s+)?\b(?:(?:https?|wss?|ftp):\/\/|www\.)([^\s<>"'`]+)/gi,
      spokenLink,
    )
    .replace(/\b([CF])#/g, '$1 sharp')
    .replace(/\\([\\`*_{}[\]()#+\-.!|~>])/g, '$1')
    .replace(/(?<=\d)\s*\*\s*(?=\d)/g, ' × ')
    .replace(AMOUNT, spokenAmount)
    .replace(
      /(?<=\p{N}(?:\s?%)?|(?:thousand|million|billion)(?: [a-z]+)?)\s?\/\s?(?=(?:second|minute|hour|day|night|week|month|quarter|year|person|seat|user|unit|kg|km)\b)/giu,
      ' per ',
    )
    .replace(/(?<![\p{L}\p{N}])~\s?(?=[$€£]?\d)/gu, 'about ')
    .replace(/(?<![\p{N}\p{L}–-])(\d+(?:[.,]\d+)?%?)\s?–\s?(?=\d+(?:[.,]\d+)?(?![\d–-]))/gu, '$1 to ')
    .replace(/\s?≥\s?/g, ' at least ')
    .replace(/\s?≤\s?/g, ' at most ')
    .replace(/`+|\*+|~~+/g, '')
    .replace(/(?<=[\p{L}\p{N}])_+(?=[\p{L}\p{N}])/gu, ' ')
    .replace(/_+/g, '')
    .replace(/#+/g, '')
    .replace(/\s*[←-⇿]\uFE0F?\s*/g, ', ')
    .replace(EMOJI, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,.!?;:…](?:\s|$))/g, '')
    .replace(/^[,;\s]+/, '')
    .trim();
}

/** Emoji with their joiners, skin tones and keycaps, and the ornaments that models use as bullets and ticks. */
const EMOJI =
  /(?:\p{Emoji_Presentation}|\p{Regional_Indicator}|(?![©®™])\p{Extended_Pictographic}|[#*0-9]\uFE0F?\u20E3|\uFE0E|\uFE0F|\u200D|\u20E3|\p{Emoji_Modifier}|[✓✗✘■□●○◆◇★☆])+/gu;

/** "$1.2M": voices read the letter; "$4.50" they read well themselves. */
const AMOUNT =
  /(?:(US\$|[$€£¥])\s?)?(?<![\d.,])(\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,6})?)\s?(k|K|M|mn|bn|B|T)\b/g;
const SCALES: Readonly<Record<string, string>> = {
  k: 'thousand',
  K: 'thousand',
  M: 'million',
  mn: 'million',
  bn: 'billion',
  B: 'billion',
  T: 'trillion',
};
const CURRENCIES: Readonly<Record<string, string>> = {
  US$: 'dollars',
  $: 'dollars',
  '€': 'euros',
  '£': 'pounds',
  '¥': 'yen',
};

function spokenAmount(whole: string, currency: string | undefined, number: string, scale: string): string {
  // A "401k" is no amount, nor is a size "5 M"; "5M people" is one.
  if (currency === undefined && !/\d(?:M|mn|bn)$/.test(whole)) return whole;
  const unit = currency === undefined ? '' : ` ${CURRENCIES[currency] ?? ''}`;
  return `${number} ${SCALES[scale] ?? ''}${unit}`;
}

/** `https://www.example.com/a/b?c.` → `a link to example.com.`: the end of the sentence is kept. */
function spokenLink(whole: string, before: string | undefined, address: string): string {
  const ending = /[.,;:!?)\]]+$/.exec(address)?.[0] ?? '';
  const bare = address.slice(0, address.length - ending.length);
  const host = (/^(?:[^/@\s]*@)?([^/:?#\s]+)/.exec(bare)?.[1] ?? '').replace(/^www\./i, '');
  if (host === '') return whole.startsWith(before ?? '') ? (before ?? '') : '';
  const leadsOn = /[/?#]./.test(bare);
  return `${before ?? ''}${before === undefined && leadsOn ? 'a link to ' : ''}${host}${ending}`;
}
