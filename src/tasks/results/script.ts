import { speakable } from '../../tts/speakable.ts';
import { type ResultDocument, resultDocument } from './resultDocument.ts';
import { sentences } from './sentences.ts';

/** One sentence of a result, as it is read out. */
export interface ScriptLine {
  readonly text: string;
  readonly words: number;
  readonly isTitle: boolean;
}

/** A result made ready to be read out: sentences in order, and where each section begins. */
export interface Script {
  readonly title: string;
  readonly lines: readonly ScriptLine[];
  readonly sections: readonly ScriptSection[];
}

export interface ScriptSection {
  readonly title: string;
  /** Of its sentences, the heading included, in `lines`: from here to before `to`. */
  readonly from: number;
  readonly to: number;
  readonly words: number;
}

/** Turns a result into speech, once, so that reading is counting sentences. */
export function scriptOf(markdown: string): Script {
  const document: ResultDocument = resultDocument(markdown);
  const lines: ScriptLine[] = [];
  const sections = document.sections.flatMap((section): ScriptSection[] => {
    const from = lines.length;
    const body = sentences(speakable(withCodeNamed(section.text)));
    if (body.length === 0 && !section.isTitled) return [];
    if (section.isTitled) lines.push(line(ended(section.title), true));
    for (const text of body) lines.push(line(text, false));
    const words = lines.slice(from).reduce((sum, one) => sum + one.words, 0);
    return [{ title: section.title, from, to: lines.length, words }];
  });
  return { title: document.title, lines, sections };
}

/** Nobody wants to hear code, but a listener should know that there is some. */
function withCodeNamed(markdown: string): string {
  return markdown.replace(
    /^[ \t]*(```|~~~)[ \t]*(\w*)[^\n]*\n[\s\S]*?(?:^[ \t]*\1[ \t]*$|(?![\s\S]))/gm,
    (whole, _mark: string, language: string) =>
      /^(text|txt|plain|markdown|md|)$/i.test(language) ? whole : '\nHere the text shows a piece of code.\n',
  );
}

function line(text: string, isTitle: boolean): ScriptLine {
  return { text, words: text.split(/\s+/).length, isTitle };
}

function ended(title: string): string {
  return /[.!?…]$/.test(title) ? title : `${title}.`;
}
