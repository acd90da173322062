import type { StatusDocument } from '../document/schema.ts';

/** All that may shape a text besides the document itself. */
export interface Rendering {
  /** Whether JSON is for a person's eyes. */
  indented: boolean;
}

export type Format = (document: StatusDocument, rendering: Rendering) => string;

/** Every format under the name that options call it; what a run does not use is not loaded. */
export const formats = {
  json: async (): Promise<Format> => (await import('./json.ts')).formatJson,
};
