/** Words of a text without case, punctuation and spacing, in their order: "French to English" is not its reverse. */
export function normalisedWords(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');
}

/** Equal for requests that are the same task of the same person. */
export function requestKey(owner: string, description: string, prompt: string): string {
  return JSON.stringify([owner, normalisedWords(description), normalisedWords(prompt)]);
}
