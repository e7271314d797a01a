package io.millrace.gateway.http.publish;

import io.millrace.stream.Receipt;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/// Writes the answers to a publish, byte by byte: the names of streams need no escapes.
final class Receipts {
    private static final String STREAM = "{\"stream\":\"";
    private static final String PARTITION = "\",\"partition\":";
    private static final String OFFSET = ",\"offset\":";
    private static final int EACH_MAX = 128;

    private Receipts() {}

    /// @param text room to write in, at least 128 bytes
    static Buffer one(Receipt receipt, byte[] text) {
        int length = write(text, 0, receipt);
        return Buffer.buffer(length).appendBytes(text, 0, length);
    }

    static Buffer array(List<Receipt> receipts) {
        byte[] text = new byte[receipts.size() * (EACH_MAX + 1) + 2];
        int at = 0;
        text[at++] = '[';
        for (Receipt receipt : receipts) {
            if (at > 1) {
                text[at++] = ',';
            }
            at = write(text, at, receipt);
        }
        text[at++] = ']';
        return Buffer.buffer(at).appendBytes(text, 0, at);
    }

    private static int write(byte[] text, int from, Receipt receipt) {
        int at = ascii(text, from, STREAM);
        at = ascii(text, at, receipt.stream());
        at = ascii(text, at, PARTITION);
        at = number(text, at, receipt.partition());
        at = ascii(text, at, OFFSET);
        at = number(text, at, receipt.offset());
        text[at++] = '}';
        return at;
    }

    private static int ascii(byte[] text, int from, String ascii) {
        int length = ascii.length();
        for (int i = 0; i < length; i++) {
            text[from + i] = (byte) ascii.charAt(i);
        }
        return from + length;
    }

    private static int number(byte[] text, int from, long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = from + digits - 1; i >= from; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return from + digits;
    }
}
