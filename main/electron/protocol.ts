import type { PageFiles } from "../page/files.ts";
import { securityHeaders } from "../page/headers.ts";
import { filePath } from "./policy.ts";

/** Answers `app://bundle/…` from memory: GET and HEAD, files of the list, the same headers as over the loopback page. */
export function answerPage(files: PageFiles): (request: Request) => Response {
  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD")
      return new Response(null, { status: 405, headers: securityHeaders });
    const file = files.get(filePath(request.url) ?? "");
    if (file === undefined)
      return new Response("There is nothing here.", { status: 404, headers: securityHeaders });
    const headers = {
      ...securityHeaders,
      "Content-Type": file.type,
      "Content-Length": String(file.bytes.length),
    };
    return new Response(request.method === "HEAD" ? null : new Uint8Array(file.bytes), {
      status: 200,
      headers,
    });
  };
}
