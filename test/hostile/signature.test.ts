import { describe } from "vitest";
import { signatureCases } from "./cases/signature.ts";
import { runTable } from "./table.ts";

describe("step 2: who signed", () => {
  runTable(signatureCases);
});
