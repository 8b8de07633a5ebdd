import { IsInt, IsString, Min } from 'class-validator';

export class Question {
  @IsString()
  text!: string;

  /** The most tokens that the answer may cost. */
  @IsInt()
  @Min(1)
  budget!: number;
}

export interface Message {
  readonly from: 'person' | 'model' | 'tool';
  readonly text: string;
}

/** What a turn of the loop comes to, and all that the next one has to know. */
export interface Turn {
  readonly messages: readonly Message[];
  readonly tokens: number;
  /** Null while the model asks for tools. */
  readonly answer: string | null;
}

export function begin(question: Question): Turn {
  return { messages: [{ from: 'person', text: question.text }], tokens: 0, answer: null };
}
