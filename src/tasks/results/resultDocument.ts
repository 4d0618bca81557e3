/** A stretch of a result under one heading. */
export interface Section {
  /** As it can be spoken: without markup, on one line. Of our own making where the text has no heading. */
  readonly title: string;
  /** Whether the title stands in the text. */
  readonly isTitled: boolean;
  /** Markdown, without the heading itself; deeper headings are part of it. */
  readonly text: string;
}

export interface ResultDocument {
  /** The one heading above all others; '' when there is none. */
  readonly title: string;
  readonly sections: readonly Section[];
}

interface Heading {
  readonly line: number;
  /** Lines that it takes up. */
  readonly lines: number;
  /** 1 is the highest. */
  readonly level: number;
  readonly title: string;
}

/** Level of a line that is bold from end to end: below every true heading. */
const BOLD_LEVEL = 7;
const LONGEST_TITLE = 80;
/** Words of a section that is made of paragraphs, where a text has no headings. */
const WORDS_OF_A_PART = 120;

/** Splits a result where its headings are: at the highest level that divides it. */
export function resultDocument(markdown: string): ResultDocument {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n');
  const headings = findHeadings(lines);
  const level = dividingLevel(headings);
  const top = headings[0];
  const isFirst = top !== undefined && lines.slice(0, top.line).every((text) => text.trim() === '');
  const titleHeading = isFirst && top.level < level ? top : undefined;
  const starts = headings.filter((heading) => heading.level <= level && heading !== titleHeading);
  const first = starts[0];
  if (!first) return { title: titleHeading?.title ?? '', sections: parts(textAfter(lines, titleHeading)) };

  const opening = lines
    .slice(titleHeading ? titleHeading.line + titleHeading.lines : 0, first.line)
    .join('\n')
    .trim();
  const sections = starts.flatMap((heading, index): Section[] => {
    const end = starts[index + 1]?.line ?? lines.length;
    const text = lines
      .slice(heading.line + heading.lines, end)
      .join('\n')
      .trim();
    return [{ title: heading.title, isTitled: true, text }];
  });
  return {
    title: titleHeading?.title ?? '',
    sections: [
      ...(opening === '' ? [] : [{ title: 'Beginning', isTitled: false, text: opening }]),
      ...sections,
    ],
  };
}

/** The highest level with two headings or more; with none, the lowest that there is. */
function dividingLevel(headings: readonly Heading[]): number {
  const levels = [...new Set(headings.map(({ level }) => level))].sort((a, b) => a - b);
  const divides = levels.find((level) => headings.filter((heading) => heading.level === level).length > 1);
  return divides ?? levels.at(-1) ?? 0;
}

function findHeadings(lines: readonly string[]): Heading[] {
  const headings: Heading[] = [];
  let fence: string | undefined;
  for (const [line, text] of lines.entries()) {
    const mark = /^\s*(```|~~~)/.exec(text)?.[1];
    if (mark !== undefined && (fence === undefined || fence === mark)) {
      fence = fence === undefined ? mark : undefined;
      continue;
    }
    if (fence !== undefined) continue;
    const add = (level: number, title: string, length = 1) => {
      const spoken = plainTitle(title);
      if (spoken !== '') headings.push({ line, lines: length, level, title: spoken });
    };
    const atx = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/.exec(text);
    const next = lines[line + 1] ?? '';
    if (atx) add(atx[1]?.length ?? 1, atx[2] ?? '');
    else if (/^=+\s*$/.test(next) && isPlain(text)) add(1, text, 2);
    else if (/^-{2,}\s*$/.test(next) && isPlain(text) && (lines[line - 1] ?? '').trim() === '')
      add(2, text, 2);
    else if (/^\s*\*\*[^*]{1,100}\*\*:?\s*$/.test(text)) add(BOLD_LEVEL, text);
  }
  return headings;
}

/** A line that an underline can make a heading of. */
function isPlain(text: string): boolean {
  return text.trim() !== '' && text.length <= 2 * LONGEST_TITLE && !/^\s*([-*+>|#]|\d+[.)])/.test(text);
}

function plainTitle(raw: string): string {
  const title = raw
    .replace(/\s+#+\s*$/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`~|<>]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:\d{1,2}(?:\.\d{1,2})*[.):]?|[ivx]{1,4}[.)])\s+(?=\S)/i, '')
    .replace(/[:.\s]+$/, '');
  return title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - 1).trimEnd()}…` : title;
}

function textAfter(lines: readonly string[], heading: Heading | undefined): string {
  return lines
    .slice(heading ? heading.line + heading.lines : 0)
    .join('\n')
    .trim();
}

/** A text without headings, in stretches of whole paragraphs. */
function parts(text: string): Section[] {
  const groups: string[][] = [];
  let words = Number.POSITIVE_INFINITY;
  for (const paragraph of text.split(/\n\s*\n/).filter((one) => one.trim() !== '')) {
    if (words >= WORDS_OF_A_PART) {
      groups.push([]);
      words = 0;
    }
    groups.at(-1)?.push(paragraph);
    words += paragraph.split(/\s+/).length;
  }
  return groups.map((group, index) => ({
    title: groups.length === 1 ? 'The whole text' : `Part ${index + 1}`,
    isTitled: false,
    text: group.join('\n\n'),
  }));
}
