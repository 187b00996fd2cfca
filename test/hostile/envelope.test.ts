import { describe } from "vitest";
import { envelopeCases } from "./cases/envelope.ts";
import { runTable } from "./table.ts";

describe("step 2 and 3: the envelope", () => {
  runTable(envelopeCases);
});
