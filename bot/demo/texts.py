"""What is read in the demo's meetings: papers as they are put, additions, speeches.

The additions to the cluster's plan and what the speeches say are the articles'; the rest is invented.
"""

# The staff conference

SPENDING_TEXT = """Dự thảo Quy chế chi tiêu nội bộ năm 2022 (trích)
Điều 5. Công tác phí được thanh toán theo hóa đơn, chứng từ hợp lệ hoặc khoán theo mức quy định.
Điều 6. Văn phòng phẩm được khoán theo định mức của từng ban, đơn vị.
Điều 7. Việc sử dụng điện, nước, điện thoại được công khai mỗi quý một lần."""
SPENDING_ADDITION = "Thời hạn thanh toán công tác phí là 05 ngày làm việc kể từ ngày nhận đủ chứng từ."
SPENDING_TEXT_AMENDED = SPENDING_TEXT.replace("\nĐiều 6.", f"\n{SPENDING_ADDITION}\nĐiều 6.")
EMULATION_TEXT = """Kế hoạch phát động phong trào thi đua năm 2022 (trích)
Thi đua hoàn thành xuất sắc nhiệm vụ chính trị của cơ quan năm 2022.
Mỗi ban, đơn vị đăng ký ít nhất một công trình hoặc phần việc thi đua."""
EMULATION_ADDITIONS = ("Thi đua lập thành tích chào mừng Đại hội Đoàn các cấp.",)
TARGETS_TEXT = """Các chỉ tiêu trọng tâm năm 2022 (trích)
1. 100% cán bộ, công chức, viên chức, người lao động hoàn thành nhiệm vụ được giao.
2. 100% ban, đơn vị đăng ký và thực hiện công trình, phần việc thi đua."""
INNER_PLEDGE_TEXT = """Giao ước thi đua năm 2022 giữa lãnh đạo Tỉnh đoàn và Ban Chấp hành Công đoàn
1. Hoàn thành xuất sắc nhiệm vụ chính trị của cơ quan năm 2022.
2. Thực hiện tốt quy chế dân chủ, chăm lo quyền, lợi ích hợp pháp, chính đáng của người lao động.
3. Thi đua lập thành tích chào mừng Đại hội Đoàn các cấp."""
DIRECTIVE_SPEECH = (
    "Ghi nhận, biểu dương tinh thần trách nhiệm và sự nỗ lực của toàn thể cán bộ, công chức và người lao "
    "động năm 2021. Đề nghị không ngừng phấn đấu vươn lên, tích cực học tập và lao động, hoàn thành xuất sắc "
    "nhiệm vụ được giao, lập thành tích chào mừng Đại hội Đoàn các cấp."
)

# The cluster's conference

PLEDGE_TEXT = """Giao ước thi đua năm 2022 của Cụm thi đua số 02
Phấn đấu hoàn thành và hoàn thành vượt mức các chỉ tiêu, nhiệm vụ công tác công đoàn năm 2022.
Chăm lo, đại diện, bảo vệ quyền, lợi ích hợp pháp, chính đáng của đoàn viên và người lao động."""
PLEDGE_ADDITION = (
    "Thi đua góp phần thực hiện thắng lợi các chỉ tiêu Nghị quyết Công đoàn nhiệm kỳ 2017 - 2022."
)
RULES_TEXT = """Quy chế hoạt động của Cụm (trích)
Điều 1. Cụm trưởng chủ trì, điều hành hoạt động chung của Cụm.
Điều 2. Các đơn vị thành viên báo cáo Cụm trưởng theo định kỳ sáu tháng và năm."""
RULES_ADDITION = "Điều 3. Cụm họp sơ kết, tổng kết mỗi năm hai lần do Cụm trưởng triệu tập."
PLAN_TEXT = """Kế hoạch hoạt động của Cụm năm 2022 (trích)
Quý II: ký kết giao ước thi đua, triển khai kế hoạch hoạt động.
Quý IV: tự chấm điểm, tổng kết phong trào thi đua."""
PLAN_ADDITIONS = (
    (
        "Trao đổi kinh nghiệm giữa các đơn vị trong Cụm về tổ chức phong trào thi đua, công tác khen thưởng "
        "và hoạt động công đoàn."
    ),
    "Tham quan học tập mô hình, điển hình tiên tiến.",
    "Khuyến khích các đơn vị trong Cụm tổ chức sinh hoạt chuyên đề.",
)
CRITERIA_TEXT = """Tiêu chí chấm điểm thi đua năm 2022 (trích)
Thang điểm 100, gồm hai tiêu chí; điểm thưởng tính riêng."""
CRITERIA_ADDITION = "Thưởng tối đa 05 điểm cho đơn vị có mô hình, sáng kiến được nhân rộng trong Cụm."
CONCLUSION_SPEECH = (
    "Tiếp thu các ý kiến tại Hội nghị. Các công đoàn cơ sở trong Cụm cần tập trung thực hiện tốt Giao ước "
    "thi đua năm 2022, tổ chức thực hiện có hiệu quả Kế hoạch hoạt động của Cụm; hoàn thành các chỉ tiêu "
    "Nghị quyết Đại hội công đoàn nhiệm kỳ 2017 - 2022, chuẩn bị các điều kiện tổ chức Đại hội công đoàn cơ "
    "sở nhiệm kỳ 2023 - 2028."
)
