/** One chat answer as it comes back: keys in alphabetical order, token counts estimated at four characters each. */
export interface ChatAnswer {
  /** Null when the model only reasoned. */
  readonly content: string | null;
  readonly reasoning?: string;
  readonly finishReason?: 'stop' | 'length';
  readonly usage?: { readonly prompt: number; readonly completion: number };
}

export function chatCompletion(
  body: Readonly<Record<string, unknown>>,
  answer: ChatAnswer,
  seconds: number,
): Record<string, unknown> {
  const prompt = answer.usage?.prompt ?? tokensOf(JSON.stringify(body.messages ?? body.input ?? ''));
  const completion = answer.usage?.completion ?? tokensOf(answer.content ?? answer.reasoning ?? '');
  return {
    choices: [
      {
        finish_reason: answer.finishReason ?? 'stop',
        index: 0,
        message: {
          content: answer.content,
          ...(answer.reasoning === undefined ? {} : { reasoning_content: answer.reasoning }),
          role: 'assistant',
        },
      },
    ],
    created: seconds,
    id: 'resp',
    model: body.model,
    object: 'chat.completion',
    usage: { completion_tokens: completion, prompt_tokens: prompt, total_tokens: prompt + completion },
  };
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}
