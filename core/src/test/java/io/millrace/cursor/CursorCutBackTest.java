package io.millrace.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cursor.CursorRecord.Keyed;
import io.millrace.cursor.CursorRecord.Timed;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CursorCutBackTest {
    private static final long KEY = 7;

    private final Cursor cursor = new Cursor(1, CursorConfig.DEFAULT, 0);

    CursorCutBackTest() {
        cursor.apply(
                new CursorRecord.Delivered(
                        0,
                        1000,
                        2000,
                        6,
                        0,
                        List.of(new Keyed(0, KEY), new Keyed(3, 0), new Keyed(4, 0)),
                        List.of(new Keyed(2, KEY)),
                        List.of(new Timed(5, 0, 9000)),
                        List.of()));
        cursor.apply(new CursorRecord.Settled(List.of(4L)));
    }

    @Test
    void whatThePowerCutTookFromTheLogIsForgottenAndTheRestStays() {
        cursor.cutBack(2);

        assertThat(cursor.frontier()).isEqualTo(2);
        assertThat(cursor.offsets()).containsExactly(0);
        assertThat(cursor.counts().expired()).isEqualTo(3);
        assertThat(cursor.counts().settled()).isEqualTo(1);
    }

    @Test
    void theNextOfTheKeyIsNotHeldBackByOneThatIsGone() {
        cursor.cutBack(2);
        cursor.apply(new CursorRecord.Settled(List.of(0L)));

        assertThat(cursor.chains().isFree(KEY)).isTrue();
        assertThat(cursor.nextMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatLiesBeforeTheEndStays() {
        cursor.cutBack(6);

        assertThat(cursor.frontier()).isEqualTo(6);
        assertThat(cursor.offsets()).containsExactly(0, 2, 3, 5);
        assertThat(cursor.counts().expired()).isZero();
    }

    @Test
    void aJobThatComesInThePlaceOfACancelledOneIsGivenOut() {
        long offset = cursor.frontier() + 3;
        cursor.apply(new CursorRecord.Cancelled(offset));
        assertThat(cursor.knownEnd()).isEqualTo(offset + 1);

        cursor.cutBack(offset);
        assertThat(cursor.isCancelled(offset)).isFalse();
        assertThat(cursor.counts().isBalanced()).isTrue();
    }
}
