/** The utterance that speaks a reply. */
export function utteranceOf(replyId: string): string {
  return `reply-${replyId}`;
}
