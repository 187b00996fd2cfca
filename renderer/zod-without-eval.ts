import * as z from "zod";

// First import of the page: zod otherwise probes `new Function`, which the content security policy reports.
z.config({ jitless: true });
