import { describe } from "vitest";
import { shapeCases } from "./cases/shape.ts";
import { runTable } from "./table.ts";

describe("step 1: a bag of a wrong shape", () => {
  runTable(shapeCases);
});
