import { oc } from "@orpc/contract";
import * as z from "zod";
import { errorStatus, type ErrorCode } from "../errors.ts";
import type { ResourceKind } from "../narrowing.ts";
import type { Permission } from "../roles.ts";

/** Which field says the name of a resource, by kind. */
export type ResourceFields = { readonly [Kind in ResourceKind]?: string };

/**
 * How far an operation reaches, so that a narrowed role does no more than its part:
 * - `none`: it is about nothing that a role can be narrowed to.
 * - `whole`: it is about all there is; a narrowed role does not suffice.
 * - `input`: these fields of the input name what it is about; a field left out means any.
 * - `looked-up`: the area says what it is about, from the input (main/station/pipeline/reach.ts).
 * - `rows`: it answers with lists; rows outside the role are left out of them.
 */
export type Reach =
  | "none"
  | "whole"
  | "looked-up"
  | { readonly input: ResourceFields }
  | { readonly rows: Readonly<Record<string, ResourceFields>> };

/** What the pipeline must know about an operation before it lets anyone in. */
export interface Access {
  /** `public`: no session needed. Otherwise the permission the session's operator must hold. */
  readonly permission: Permission | "public";
  /** What of the station it is about. Nothing may leave this open. */
  readonly reach: Reach;
  /**
   * `change` writes an event in the transaction of its effect; `reveal` shows a secret and does the
   * same; `read` does neither.
   */
  readonly effect: "read" | "change" | "reveal";
  /**
   * The operator must have given passphrase and code within the minutes of the profile: a window left open must not
   * suffice (ASVS 5.0 7.5.3).
   */
  readonly stepUp?: true;
  /** Two persons needed in a station founded for two (trust.md, People). */
  readonly twoPersons?: boolean;
  /** Fields of the input that hold secrets: an approval neither stores nor digests them. */
  readonly secretInput?: readonly string[];
  /** One sentence for help texts, the palette and OpenAPI. */
  readonly summary: string;
}

const errorFacts = z.strictObject({
  reference: z.string().optional(),
  reason: z.string().optional(),
  seconds: z.number().optional(),
  path: z.string().optional(),
  holder: z.string().optional(),
  approval: z.string().optional(),
  digest: z.string().optional(),
  safe: z.string().optional(),
  remedy: z.string().optional(),
  present: z.record(z.string(), z.union([z.string(), z.number(), z.null(), z.array(z.string())])).optional(),
});

const errorMap = Object.fromEntries(
  Object.entries(errorStatus).map(([code, status]) => [code, { status, data: errorFacts }]),
) as Record<ErrorCode, { status: number; data: typeof errorFacts }>;

const base = oc
  .$meta<Access>({
    permission: "public",
    reach: "whole",
    effect: "read",
    summary: "",
  })
  .errors(errorMap);

/** Starts the definition of an operation. */
export function operation(access: Access) {
  return base.meta(access).route({ summary: access.summary });
}
