/** The shells that completions are made for. */
export const shellNames = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shellNames)[number];
