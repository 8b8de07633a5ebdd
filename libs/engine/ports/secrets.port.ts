/** Where the values of secrets are. What it gives goes to the step that asked, and nowhere else. */
export interface Secrets {
  /**
   * @param name as `secret(name)` has it
   * @returns undefined when the installation has no such secret
   */
  get(name: string): Promise<string | undefined>;
}
