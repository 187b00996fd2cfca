import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

const id = z.string().regex(/^[0-9a-f]{32}$/);

/** 4 MiB of text a piece keeps one frame small on every face. */
export const uploadPieceCharacters = 4 * 1024 * 1024;

export const uploads = {
  begin: operation({
    permission: "requests.read",
    reach: "none",
    effect: "read",
    summary: "Begin to hand over a file that is too large for one message",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ upload: id })),
  append: operation({
    permission: "requests.read",
    reach: "none",
    effect: "read",
    summary: "Hand over the next piece of an upload",
  })
    .input(z.strictObject({ upload: id, text: z.string().max(uploadPieceCharacters) }))
    .output(z.strictObject({ bytes: field.count })),
};
