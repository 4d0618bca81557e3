import { isSoftWrap } from './softWrap.ts';

/**
 * Turns text as a language model writes it (markdown, links, tables, emoji) into text that a voice can read, so that
 * nobody hears "asterisk asterisk". Numbers are left to the vendor's own normalisation. '' when nothing can be spoken.
 */
export function speakable(text: string): string {
  const spoken = joinWraps(withoutFences(text).split('\n'))
    .map(line)
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
  return spoken
    .map((part, index) => (index < spoken.length - 1 ? terminated(part) : part))
    .join(' ')
    .trim();
}

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
  if (/^([-*_=]\s*){3,}$/.test(trimmed)) return '';
  if (trimmed.startsWith('|')) return tableRow(trimmed);
  const block = /^(?:#{1,6}\s+|>+\s*|[-*+•·]\s+)+/.exec(trimmed);
  const body = trimmed.slice(block?.[0].length ?? 0).replace(/^\[[ xX]\]\s+/, '');
  const plain = inline(body);
  return block === null || block[0].startsWith('>') ? plain : terminated(plain);
}

function tableRow(row: string): string {
  if (/^[|:\-\s]+$/.test(row)) return '';
  const cells = row
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => inline(cell.trim()))
    .filter((cell) => cell !== '');
  return terminated(cells.join(', '));
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
    .replace(/!?\[([^\]]*)\]\(([^)]*)\)/g, (_, label: string) => label)
    .replace(/\[\^[^\]]*\]/g, '')
    .replace(/<((?:https?:\/\/|mailto:)[^>\s]+)>/g, '$1')
    .replace(/<\/?[a-z][^<>]*>/gi, ' ')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\bmailto:/gi, '')
    .replace(/\b(?:https?|wss?|ftp):\/\/[^\s<>"'`]+/gi, hostName)
    .replace(/\bwww\.[^\s<>"'`]+/gi, hostName)
    .replace(/\b([CF])#/g, '$1 sharp')
    .replace(/\\([\\`*_{}[\]()#+\-.!|~>])/g, '$1')
    .replace(/(?<=\d)\s*\*\s*(?=\d)/g, ' × ')
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

/** `https://www.example.com/a/b?c.` → `example.com.`: the end of the sentence is kept. */
function hostName(url: string): string {
  const ending = /[.,;:!?)\]]+$/.exec(url)?.[0] ?? '';
  const host =
    /^(?:[a-z]+:\/\/)?(?:[^/@\s]*@)?([^/:?#\s]+)/i.exec(url.slice(0, url.length - ending.length))?.[1] ?? '';
  return host.replace(/^www\./i, '') + ending;
}
