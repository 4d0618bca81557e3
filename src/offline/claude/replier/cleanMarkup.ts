/** One line of a document as it can be spoken. */
export interface SpokenLine {
  readonly text: string;
  readonly isHeading: boolean;
}

/** Takes the markup out of a document: headings, lists, emphasis, links, tables and code. Empty lines are left out. */
export function cleanMarkup(document: string): SpokenLine[] {
  return document
    .replace(/```[\s\S]*?(```|$)/g, '')
    .replace(/<\/?[a-z][^>\n]*>/gi, '')
    .split('\n')
    .flatMap((line): SpokenLine[] => {
      const isHeading = /^\s*#{1,6}\s/.test(line) || /^\s*\*\*[^*]+\*\*:?\s*$/.test(line);
      const text = cleanLine(line);
      return text === '' ? [] : [{ text, isHeading }];
    });
}

function cleanLine(line: string): string {
  if (/^[\s|:*_=-]+$/.test(line)) return '';
  return line
    .replace(/^\s*(#{1,6}|>|[-*+•]|\d{1,3}[.)])\s+/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/https?:\/\/\S+/g, '')
    .replace(/(\*\*|__|\*|`)/g, '')
    .replace(/\s*\|\s*/g, ', ')
    .replace(/^[,\s]+|[,\s]+$/g, '')
    .replace(/\s+/g, ' ');
}
