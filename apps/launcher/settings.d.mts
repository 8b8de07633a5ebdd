/** Every variable of the environment that the server reads, a line each: as the help has it. */
export function settingLines(): string[];
/** Likewise, as README.md has it. */
export function settingRows(): string[];
export const SETTINGS: readonly { readonly name: string; readonly meaning: string; readonly byDefault: string }[];
