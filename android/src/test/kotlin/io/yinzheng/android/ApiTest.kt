package io.yinzheng.android

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassVisitor
import org.objectweb.asm.FieldVisitor
import org.objectweb.asm.Handle
import org.objectweb.asm.Label
import org.objectweb.asm.MethodVisitor
import org.objectweb.asm.Opcodes
import org.objectweb.asm.Type
import java.io.File
import java.util.TreeMap
import java.util.TreeSet
import java.util.zip.ZipFile

/**
 * What the classes use of Android, from their bytes. Androids of Robolectric's show hidden members too, so everything that is used
 * stands in `api-used.txt`, which a person holds against the public documentation; what Android 6 lacks stands in
 * `api-newer.txt` with its level, and only the object of that level may name it. (What they use of Java is held against Android 6 by
 * animal-sniffer, see pom.xml.)
 */
class ApiTest {
    private val here = File(System.getProperty("yinzheng.repository"), "android")
    private val repository = File(System.getProperty("yinzheng.maven"))
    private val classes = File(here, "target/classes")

    /** A jar of a system, asked for members with everything they inherit. */
    private class Jar(file: File) {
        private val zip = ZipFile(file)
        private val known = HashMap<String, Pair<Set<String>, List<String>>?>()

        private fun read(name: String) = known.getOrPut(name) {
            val entry = zip.getEntry("$name.class") ?: return@getOrPut null
            val members = HashSet<String>()
            val above = ArrayList<String>()
            ClassReader(zip.getInputStream(entry)).accept(object : ClassVisitor(Opcodes.ASM9) {
                override fun visit(v: Int, a: Int, n: String, s: String?, superName: String?, interfaces: Array<String>?) {
                    superName?.let(above::add)
                    interfaces?.let(above::addAll)
                }

                override fun visitMethod(a: Int, n: String, d: String, s: String?, e: Array<String>?): MethodVisitor? {
                    members += "$n$d"
                    return null
                }

                override fun visitField(a: Int, n: String, d: String, s: String?, value: Any?): FieldVisitor? {
                    members += "$n:$d"
                    return null
                }
            }, ClassReader.SKIP_CODE)
            members to above
        }

        /** `owner` or `owner.member`. */
        fun has(use: String): Boolean {
            val owner = use.substringBefore('.')
            val found = read(owner) ?: return false
            val member = use.substringAfter('.', "")
            return member.isEmpty() || member in found.first || found.second.any { has("$it.$member") }
        }
    }

    /** Every use of a class or member outside, with the classes that use it. */
    private fun uses(): Map<String, Set<String>> {
        val uses = TreeMap<String, MutableSet<String>>()
        for (file in classes.walk().filter { it.extension == "class" }) {
            val by = file.relativeTo(classes).path.removeSuffix(".class")
            fun use(what: String) {
                if (OUTSIDE.any { what.startsWith(it) }) uses.getOrPut(what, ::TreeSet) += by
            }
            fun type(type: Type) {
                when (type.sort) {
                    Type.OBJECT -> use(type.internalName)
                    Type.ARRAY -> type(type.elementType)
                    Type.METHOD -> (type.argumentTypes.toList() + type.returnType).forEach(::type)
                }
            }
            ClassReader(file.readBytes()).accept(object : ClassVisitor(Opcodes.ASM9) {
                override fun visit(v: Int, a: Int, n: String, s: String?, superName: String?, interfaces: Array<String>?) {
                    superName?.let(::use)
                    interfaces?.forEach(::use)
                }

                override fun visitField(a: Int, n: String, d: String, s: String?, value: Any?): FieldVisitor? {
                    type(Type.getType(d))
                    return null
                }

                override fun visitMethod(a: Int, n: String, d: String, s: String?, e: Array<String>?): MethodVisitor {
                    type(Type.getMethodType(d))
                    return object : MethodVisitor(Opcodes.ASM9) {
                        override fun visitTypeInsn(o: Int, name: String) = type(Type.getObjectType(name))

                        override fun visitFieldInsn(o: Int, owner: String, name: String, d: String) = use("$owner.$name:$d")

                        override fun visitMethodInsn(o: Int, owner: String, name: String, d: String, i: Boolean) {
                            if (!owner.startsWith("[")) use("$owner.$name$d")
                        }

                        override fun visitTryCatchBlock(s: Label, e: Label, h: Label, caught: String?) {
                            caught?.let(::use)
                        }

                        override fun visitLdcInsn(value: Any?) {
                            if (value is Type) type(value)
                        }

                        override fun visitInvokeDynamicInsn(n: String, d: String, bootstrap: Handle, vararg args: Any) {
                            for (arg in args) if (arg is Handle) use("${arg.owner}.${arg.name}${arg.desc}")
                        }
                    }
                }
            }, 0)
        }
        return uses
    }

    private fun android(version: String) = Jar(File(repository, "org/robolectric/android-all/$version/android-all-$version.jar"))

    private fun list(name: String) = File(here, name).readLines().filter { it.isNotEmpty() && !it.startsWith("#") }

    @Test
    fun `what is used of Android is what the list says`() {
        val used = uses().keys
        assertEquals(list("api-used.txt").joinToString("\n"), used.joinToString("\n"))
    }

    @Test
    fun `all of it is in Android 14 and 15`() {
        val used = uses().keys
        for (version in listOf("14-robolectric-10818077", "15-robolectric-12650502")) {
            val system = android(version)
            assertEquals(emptyList<String>(), used.filterNot(system::has), version)
        }
    }

    @Test
    fun `what Android 6 lacks is used by the object of its level only`() {
        val newer = list("api-newer.txt").associate { line -> line.substringAfter(' ') to line.substringBefore(' ') }
        val system = android("6.0.1_r3-robolectric-r1")
        val wrong = TreeSet<String>()
        val seen = HashSet<String>()
        for ((use, users) in uses()) {
            if (system.has(use)) continue
            val level = newer[use]
            seen += use
            for (user in users) {
                val own = LEVEL.find(user)?.groupValues?.get(1)?.toInt()
                if (level == null || own == null || own < level.toInt()) wrong += "$use in $user"
            }
        }
        assertEquals("", wrong.joinToString("\n"))
        assertEquals(emptySet<String>(), newer.keys - seen, "listed, and not used")
        assertTrue(seen.isNotEmpty(), "nothing newer was found at all")
    }

    private companion object {
        val OUTSIDE = listOf("android/", "dalvik/", "sun/")
        val LEVEL = Regex("""^io/yinzheng/android/Level(\d+)(\$.*)?$""")
    }
}
