/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the files of plat/kvm share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/plat/memory.h>

struct uk_arch_regs;
struct uk_kvm_start_info;

/* From the linker script: page-aligned borders of text, read-only and writable data, the page that is never mapped
 * below the boot stack, the stack; bss, which start-up clears; room for the boot thread's TLS block in it. */
extern char uk_kvm_image[], uk_kvm_rodata[], uk_kvm_data[], uk_kvm_guard[], uk_kvm_stack[], uk_kvm_stack_end[];
extern char uk_kvm_bss[], uk_kvm_bss_end[], uk_kvm_image_end[], uk_kvm_boot_tls[];

/* From entry.S: three pages, the coarse page tables of the first moment; and the descriptor table. */
extern uint64_t uk_kvm_early_tables[], uk_kvm_gdt[];
/* From trap_entry.S and irq_entry.S: code, one entry every 8 bytes. */
extern char uk_kvm_trap_entries[], uk_kvm_irq_entries[], uk_kvm_msi_entries[];

/* Bits of a page-table entry (Intel SDM vol. 3, 4.5). */
#define UK_KVM_PRESENT 0x1ull
#define UK_KVM_WRITE 0x2ull
#define UK_KVM_UNCACHED 0x18ull
#define UK_KVM_LARGE 0x80ull
#define UK_KVM_NX (1ull << 63)
#define UK_KVM_ADDRESS 0x000ffffffffff000ull

/* Start of the C code, called once by entry.S with the physical address of the start information. */
_Noreturn void uk_kvm_start(const struct uk_kvm_start_info *info);

/* What the CPU's exceptions come to, with *r on a trap stack; the interrupted code goes on with what is left there.
 * Called by trap_entry.S. */
void uk_kvm_trap(struct uk_arch_regs *r);

/* Set up the descriptor tables so that exceptions reach uk_kvm_trap() on a stack of their own. Context: once, start. */
void uk_kvm_trap_init(void);

/* The part of it that each CPU needs: its task state, which names the stacks, goes into gdt. */
void uk_kvm_trap_cpu(unsigned cpu, uint64_t *gdt);
#define UK_KVM_GDT_ENTRIES 5

/* What lgdt and lidt load. */
struct uk_kvm_table_pointer {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

/* An entry of the interrupt descriptor table (Intel SDM vol. 3, 6.14.1). */
struct uk_kvm_gate {
	uint16_t low, selector, type, middle;
	uint32_t high, zero;
};

/* Those of the exceptions, which are all that there are until interrupts are set up. */
#define UK_KVM_EXCEPTIONS 32
extern struct uk_kvm_gate uk_kvm_gates[UK_KVM_EXCEPTIONS];

/* Fill in an entry: it leads to the given code, on one of the CPU's trap stacks (from 1), or with 0 on the stack of
 * what it interrupts. And tell this CPU the table, of size bytes. Context: interrupts masked. */
void uk_kvm_gate_set(struct uk_kvm_gate *gate, const void *entry, unsigned stack);
void uk_kvm_idt_load(const struct uk_kvm_gate *gates, size_t size);

/* What the coarse page tables of the first moment map one to one. */
#define UK_KVM_COARSE_END (1ull << 30)

/* RAM above this is left alone: the four-level page tables map one to one up to here. */
#define UK_KVM_RAM_END (1ull << 46)

/* Build the memory map from the start information: RAM, what is reserved, the image. Context: once, start. */
void uk_kvm_region_init(const struct uk_kvm_start_info *info);

/* Build the page tables for the image and for all RAM of the start information, and switch to them. Their pages come
 * out of the memory map, which is otherwise final. Context: once, start. */
void uk_kvm_tables_init(const struct uk_kvm_start_info *info);

/* Put [base, end) into the memory map as the given kind, instead of whatever it was before. Context: start. */
void uk_kvm_region_set(uint64_t base, uint64_t end, enum uk_plat_region_kind kind);

/* Take whole pages out of the first free memory below limit that has so many in a row; they become reserved.
 * Their address, or 0. Context: start. */
uint64_t uk_kvm_region_take(size_t pages, uint64_t limit);

/* Give the page tables a page of their own to use. It is cleared when it is taken. Context: start; page tables. */
void uk_kvm_table_put(void *page);
/* Take one, zero-filled; NULL if there is none left. */
void *uk_kvm_table_get(void);

/* Whether a page for tables belongs to the platform, not to the page allocator. Context: any. */
bool uk_kvm_table_own(const void *page);

/* The entry for va in its table of the given level (0: 4 KiB pages … 3: the root). Missing tables above it are made if
 * create is set and there are pages for them, else it returns NULL; also if a larger page is in the way. */
uint64_t *uk_kvm_table_slot(uintptr_t va, unsigned level, bool create);

/* Map [va, end) to physical memory from pa with the bits of flags, in the largest pages possible. The caller has made
 * sure that nothing is mapped there and that there are enough pages for tables. */
void uk_kvm_table_map(uintptr_t va, uintptr_t end, uint64_t pa, uint64_t flags);

/* The level of the largest page that may map va to pa when size bytes are left: 0, 1 (2 MiB), 2 (1 GiB). */
unsigned uk_kvm_table_level(uintptr_t va, uint64_t pa, size_t size);

/* The root of the page tables in use and the bit that forbids execution: 0 on a CPU that lacks it. */
extern uint64_t *uk_kvm_root, uk_kvm_nx;

/* Have this CPU use the page tables, and forget what it knew of them. Context: any. */
void uk_kvm_flush_all(void);

/* Map a page of device registers one to one, if that has not been done; returns its address. NULL if there is no
 * page for tables. Context: any, no lock of the page tables held. */
volatile uint32_t *uk_kvm_device(uintptr_t pa);

/* Whether the thread pointer may be set by wrfsbase; switched on in CR4 when this is first called. */
bool uk_kvm_fsgsbase(void);

/* The pattern for the stack protector's canary: random where the code is compiled with it, else 0. Context: start. */
uintptr_t uk_kvm_canary(void);

/* The paravirtual clock of KVM (Linux Documentation/virt/kvm/x86/msr.rst). rate: nanoseconds for each 2^32 cycles; 0
 * where there is no such clock; asked on the boot CPU. start: let the host keep it up to date for this CPU from now on;
 * ns: then its reading there. Context: interrupts masked. */
uint64_t uk_kvm_pvclock_rate(void);
void uk_kvm_pvclock_start(unsigned cpu);
uint64_t uk_kvm_pvclock_ns(unsigned cpu);
/* The wall time in ns since 1970, read on this CPU; 0 if it has none. Context: interrupts masked. */
uint64_t uk_kvm_pvclock_wall(unsigned cpu);

/* Have the clock work on a CPU that starts. Context: there, interrupts masked. */
void uk_kvm_time_cpu(unsigned cpu);

/* Nanoseconds since 1970 as the real-time clock has it, in whole seconds; 0 where there is none. Context: any. */
uint64_t uk_kvm_rtc_read(void);
