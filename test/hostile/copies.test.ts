import { describe } from "vitest";
import { copyCases } from "./cases/copies.ts";
import { runTable } from "./table.ts";

describe("step 4: a medium that lost bytes", () => {
  runTable(copyCases);
});
