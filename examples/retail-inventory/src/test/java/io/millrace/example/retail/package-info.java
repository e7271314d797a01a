@NullMarked
package io.millrace.example.retail;

import org.jspecify.annotations.NullMarked;
