/// Tables of other people's databases that views are copied to.
@NullMarked
package io.millrace.connect.table;

import org.jspecify.annotations.NullMarked;
