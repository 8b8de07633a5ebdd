/** Signs callbacks and links of the server under fuzz; nothing that it prints may have it. */
export const SECRET = 'fuzz-secret-that-signs-and-is-never-shown';
