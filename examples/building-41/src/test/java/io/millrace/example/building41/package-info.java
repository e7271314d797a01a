@NullMarked
package io.millrace.example.building41;

import org.jspecify.annotations.NullMarked;
