import { OpenAPIGenerator, type OpenAPI } from "@orpc/openapi";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import { contract } from "../../shared/contract/contract.ts";
import { version } from "../station/version.ts";

/** The contract as an OpenAPI 3.1.1 document: what a generator of clients needs. The LAN face that serves it is off. */
export async function openApiDocument(): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  return generator.generate(contract, {
    info: {
      title: "Sallyport",
      version,
      description: "Carry work across an air gap on a USB stick, and prove what crossed.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
  });
}
