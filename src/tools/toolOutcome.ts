/** What the model is told about one call of a tool. */
export interface ToolOutcome {
  readonly content: string;
  readonly isError: boolean;
}
