export const page = "queries";
