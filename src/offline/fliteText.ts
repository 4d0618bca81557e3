/** Signs that Flite leaves out, or cannot read because it knows ASCII only, as words. */
const SPOKEN: Readonly<Record<string, string>> = {
  '€': ' euros ',
  '£': ' pounds ',
  '°': ' degrees ',
  '×': ' times ',
  '÷': ' divided by ',
  '½': ' a half ',
  '¼': ' a quarter ',
  '¾': ' three quarters ',
};

/** Text as Flite reads it: plain ASCII. '' when nothing in it can be said. */
export function fliteText(text: string): string {
  const ascii = text
    .replace(/[€£°×÷½¼¾]/g, (sign) => SPOKEN[sign] ?? ' ')
    .replace(/[‘’]/g, "'")
    .replace(/[“”«»]/g, '"')
    .replace(/[–—…]/g, ', ')
    // Accents are dropped, their letters stay.
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return /[a-z0-9]/i.test(ascii) ? ascii : '';
}
