package io.millrace.log.batch;

/// Changes one byte of a batch and its CRC with it, without reading the rest: CRCs are linear, so
/// the change of the CRC is that of the byte, moved on by as many bytes as follow.
///
/// Unlike a CRC made anew this keeps telling of every other byte that has changed since the
/// producer made the batch.
final class CrcPatch {
    /// CRC-32C's polynomial, reflected.
    private static final int POLYNOMIAL = 0x82F63B78;

    private static final int ONE = 1 << 31;

    /// `x` to the power of two to the index, modulo the polynomial.
    private static final int[] POWERS = powers();

    private CrcPatch() {}

    private static int[] powers() {
        int[] powers = new int[Integer.SIZE];
        int power = 1 << 30;
        for (int i = 0; i < powers.length; i++) {
            powers[i] = power;
            power = product(power, power);
        }
        return powers;
    }

    /// The change of a CRC.
    ///
    /// @param difference old byte xor new byte
    /// @param following how many bytes the CRC covers behind it
    static int change(int difference, int following) {
        int register = difference & 0xFF;
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            register = shifted(register);
        }
        int power = ONE;
        int exponent = 3;
        for (int n = following; n != 0; n >>>= 1) {
            if ((n & 1) != 0) {
                power = product(POWERS[exponent], power);
            }
            exponent = (exponent + 1) % POWERS.length;
        }
        return product(power, register);
    }

    private static int shifted(int value) {
        return (value >>> 1) ^ (-(value & 1) & POLYNOMIAL);
    }

    /// The product of two polynomials modulo the polynomial.
    private static int product(int first, int second) {
        int product = 0;
        int shifted = second;
        for (int rest = first; rest != 0; rest <<= 1) {
            product ^= (rest >> 31) & shifted;
            shifted = shifted(shifted);
        }
        return product;
    }
}
