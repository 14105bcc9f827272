package io.yinzheng

import org.junit.jupiter.api.Test

/** Every vector of tests/vectors through the classes that the AAR is made of. */
class AndroidVectorsTest {
    @Test
    fun `every vector comes out as it says`() = println(VectorsTest.all(JavaDoor()))
}
