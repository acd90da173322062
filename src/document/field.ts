import * as z from 'zod/mini';

/** A field with the sentence that explains it, here, in the JSON Schema and in the generated README. */
export function field<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  return schema.check(z.describe(description));
}

// each is made once, because making a schema costs more than reading a small reply with it
const oneText = z.string().check(z.maxLength(4096, 'it is longer than 4096 characters'));
const oneName = z.string().check(z.maxLength(256, 'it is longer than 256 characters'));
const oneCount = z.int().check(z.nonnegative());

/** The longest text is the list of everything that is wrong with a large cluster. */
export const text = () => oneText;
/** The name or state of something: the name of a pod has at most 253 characters, that of a WAL-G backup about 60. */
export const name = () => oneName;
export const list = <Element extends z.ZodMiniType>(element: Element, most: number) =>
  z.array(element).check(z.maxLength(most));
export const count = () => oneCount;
export const known = z.nullable;
