export interface ErrorEntry {
  readonly message: string;
  readonly http: number;
  readonly retryable: boolean;
}
